"""URLs that try to reach this machine, or a cloud's metadata, in every spelling known to work.

Sources: OWASP's SSRF cheat sheet, "A New Era of SSRF" (Orange Tsai, Black Hat 2017), the WHATWG
URL standard's host parser tests, and RFC 4291, 6052, 3056, 4380 and 5214 for addresses in others.
"""

INSIDE = ("127.0.0.1", "10.0.0.1", "169.254.169.254", "192.168.1.1", "100.100.100.200")
"""Loopback, private, link-local with metadata, private, carrier-grade NAT with metadata."""

PLAIN = (
    "127.0.0.2", "127.255.255.254", "0.0.0.0", "0.1.2.3", "172.16.0.1", "172.31.255.255",
    "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "168.63.129.16", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
)  # fmt: skip

SHORT = ("127.1", "127.0.1", "0", "0.0", "10.1", "127.", "127.0.0", "0x7f.1", "0177.1", "00.0.0.0")

BRACKETED = (
    "::1", "::", "0:0:0:0:0:0:0:1", "0000:0000:0000:0000:0000:0000:0000:0001", "::0001",
    "fe80::1", "fe80::1%25lo", "fe80::1%lo", "::1%25lo", "fc00::1", "fd00:ec2::254", "fec0::1",
    "ff02::1", "2001:db8::1", "2001::7f00:1", "2001:0:4136:e378:8000:63bf:80ff:fffe", "2001:20::1",
    "3fff::1", "5f00::1", "100::1", "64:ff9b:1::7f00:1", "2001:470::5efe:127.0.0.1",
    "2001:470::200:5efe:7f00:1", "v1.127.0.0.1", "127.0.0.1", "localhost", "::ffff:7f00:0001",
    "::ffff:0:127.0.0.1", "2a00::5efe:10.0.0.1",
)  # fmt: skip

EMBEDDING = ("::ffff:{v4}", "::{v4}", "64:ff9b::{v4}")
"""IPv4-mapped, IPv4-compatible, NAT64."""

NAMES = (
    "localhost", "LOCALHOST", "localhost.", "localhost..", "LocalHost.LocalDomain", "a.localhost",
    "foo.bar.localhost.", "ip6-localhost", "loopback", "broadcasthost", "metadata",
    "metadata.google.internal", "METADATA.GOOGLE.INTERNAL.", "instance-data", "kubernetes",
    "kubernetes.default.svc", "kubernetes.default.svc.cluster.local", "host.docker.internal",
    "gateway.docker.internal", "printer.local", "router.lan", "nas.home.arpa", "db.intranet",
    "127.0.0.1.nip.io", "spoofed.example.com", "lvh.me", "localtest.me", "xn--localhost-.example",
)  # fmt: skip

UNICODE = (
    "127。0。0。1", "127．0．0．1", "127｡0｡0｡1", "①②⑦.⓪.⓪.①", "１２７.０.０.１", "𝟏𝟐𝟕.𝟎.𝟎.𝟏",
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "ｌｏｃａｌｈｏｓｔ", "ℓocalhost", "loc\u00adalhost", "local\u200bhost",
    "localhoſt", "lo\u212aalhost", "xn--", "xn--a", "١٢٧.٠.٠.١", "[::１]", "⑯⑨。②⑤④。⑯⑨｡②⑤④",
)  # fmt: skip

AROUND = (
    "https://example.com@{host}/", "https://example.com:80@{host}/", "https://@{host}/",
    "https://:@{host}/", "https://{host}@example.com/", "https://{host}:80@{host}/",
    "https://example.com%40{host}/", "https://example.com\\@{host}/", "https://{host}\\@example.com/",
    "https://{host}#@example.com/", "https://example.com#@{host}/", "https://{host}%23@example.com/",
    "https://{host}?@example.com/", "https://example.com\\.{host}/", "https:\\\\{host}/",
    "https:/\\{host}/", "https:{host}/", "https:/{host}/", "https:///{host}/", "https:////{host}/",
    "//{host}/", "{host}", "{host}/", " https://{host}/", "https:// {host}/", "https://{host} /",
    "https://\t{host}/", "https://{host}\n/", "https://{host}\r\nX: y/", "\nhttps://{host}/",
    "https://{host}%0d%0aX:%20y/", "https://{host}%00.example.com/", "https://{host}\x00/",
    "https://{host}%2f@example.com/", "https://{host}&@example.com/", "https://{host};@example.com/",
    "https://example.com@@{host}/", "https://a@b@{host}/", "https://[{host}]/", "https://{host}]/",
    "https://[::ffff:{host}]/", "https://{host}:/", "https://{host}:0/", "https://{host}:65536/",
    "https://{host}:99999999999/", "https://{host}:-1/", "https://{host}:+1/", "https://{host}:１/",
    "https://{host}: 1/", "https://{host}:80:80/", "https://{host}./", "https://{host}../",
    "https://.{host}/", "https://%31{host}/", "https://{host}%20/", "HTTPS://{host}/",
    "hTTp://{host}/", "http://{host}/", "ftp://{host}/", "file://{host}/etc/passwd",
    "file:///etc/passwd", "gopher://{host}/_x", "dict://{host}/", "ldap://{host}/", "jar:https://{host}!/",
    "data:text/plain,{host}", "javascript:alert(1)//{host}", "unix:///{host}", "tftp://{host}/",
    "ws://{host}/", "wss://{host}/", "https+unix://{host}/", "url:https://{host}/", "view-source:https://{host}",
    "https://{host}/\u2028", "https://{host}/\ud800", "https://{host}/a b", "https://{host}/\\..",
)  # fmt: skip


def spellings(v4):
    """Return *v4* as the C library's inet_aton, or an old URL reader, would still know it."""
    a, b, c, d = (int(part) for part in v4.split("."))
    whole = a << 24 | b << 16 | c << 8 | d
    yield from (str(whole), hex(whole), f"0{whole:o}", f"0X{whole:X}", str(whole + 2**32))
    yield f"{a}.{b << 16 | c << 8 | d}"
    yield f"{a}.{b}.{c << 8 | d}"
    yield f"0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}"
    yield f"0{a:o}.0{b:o}.0{c:o}.0{d:o}"
    yield f"000{a:o}.{b}.{c}.{d}"
    yield f"0x{a:02x}.{b}.0{c:o}.{d}"
    yield f"0x{a:02x}{b:02x}{c:02x}{d:02x}.example"[:-8]
    yield f"{a:03}.{b:03}.{c:03}.{d:03}"
    yield f"{a + 256}.{b}.{c}.{d}"
    yield f"{a}.{b}.{c}.{d}."
    yield f"%{ord(str(a)[0]):02x}{v4[1:]}"


def hosts():
    """Return every hostile host, brackets where a URL needs them."""
    plain = [*INSIDE, *PLAIN, *SHORT, *NAMES, *UNICODE]
    numbers = [text for v4 in INSIDE for text in spellings(v4)]
    embedded = [form.format(v4=v4) for v4 in INSIDE for form in EMBEDDING]
    in_6to4 = [f"2002:{_hex(v4)}::1" for v4 in INSIDE]
    return [*plain, *numbers, *(f"[{host}]" for host in (*BRACKETED, *embedded, *in_6to4))]


def urls(port):
    """Return every hostile URL, on *port* where it has none of its own."""
    direct = [f"https://{host}:{port}/hook" for host in hosts()]
    around = [form.format(host=f"127.0.0.1:{port}") for form in AROUND]
    named = [form.format(host=f"localhost:{port}") for form in AROUND]
    return list(dict.fromkeys([*direct, *around, *named]))


def _hex(v4):
    a, b, c, d = (int(part) for part in v4.split("."))
    return f"{a:02x}{b:02x}:{c:02x}{d:02x}"
