"""What stands in the place of Flask's test client where the same cases are asked over HTTP."""

import requests

PATH = "/webhook/leadfly/duplicate-prevention"

ANYBODY = "t"
"""The account that the cases name where it does not matter whose it is; with keys it does."""


class Answer:
    """What of an answer the cases look at."""

    def __init__(self, response):
        self.status_code, self.json = response.status_code, response.json()


class Door:
    """A place to post to: the proxy, or a workflow of n8n that asks there."""

    def __init__(self, url, tenant, key, path=PATH):
        """*key* is sent along, if there is one; *path* stands in for PATH."""
        self._url, self._tenant, self._path = url, tenant, path
        self._headers = {"X-API-Key": key} if key else {}

    def post(self, path, json):
        """Post *json*; safe to call from threads."""
        if json.get("user_id") == ANYBODY:
            json = json | {"user_id": self._tenant}
        path = self._path if path == PATH else path
        return Answer(requests.post(self._url + path, json=json, headers=self._headers, timeout=60))

    def lead(self, expect=200, source_id="test-form", context=None, **lead):
        """Post one lead and return the answer, as the fixture `post` of other tests does."""
        body = {"user_id": self._tenant, "source_id": source_id, "lead_data": lead}
        answer = self.post(PATH, body | ({"context": context} if context else {}))
        assert answer.status_code == expect, answer.json
        return answer.json
