"""One file a sender: how its posts are recognised, verified and taken apart. All pure."""
