"""What single marks of a page mean for what is read of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.pages.faults import Unparseable
from shared.pages.parsing import markup
from shared.pages.parsing.content import content, plain_content, text_of
from shared.pages.parsing.main_text import MOST_TEXT_BYTES


def read(html):
    return content(html, "https://page.example/")


@pytest.mark.parametrize(
    "html",
    [
        "<div id=cookie-notice>Cookies!</div>",
        "<div class='gdpr-banner x'>Consent?</div>",
        "<nav>Home</nav>",
        "<div role=navigation>Home</div>",
        "<footer>Imprint</footer>",
        "<aside>Ads</aside>",
        "<header><p>Slogan</p></header>",
        "<script>var a</script>",
        "<style>p{}</style>",
        "<noscript>Turn on JavaScript</noscript>",
        "<template><p>x</p></template>",
        "<p hidden>x</p>",
        "<p style='color:red; display : none'>x</p>",
        "<form><label>Name</label><input value=x><textarea>y</textarea></form>",
        "<ul><li><a>One</a></li><li><a>Two</a></li><li><a>Three</a></li></ul>",
        "<!-- comment -->",
    ],
)
def test_what_frames_a_page_is_no_main_text(html):
    assert read(f"<body><p>Before</p>{html}<p>After</p>").text == "Before\nAfter"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<body class='cookie-consent'><p>Hi</p>", "Hi"),
        ("<div class='cookie-card'><p>Oat cookies, 2 €</p></div>", "Oat cookies, 2 €"),
        ("<div class='cookie-shop'><h1>Cookies</h1><p>We bake.</p></div>", "Cookies\nWe bake."),
        ("<header><h1>Hello</h1></header>", "Hello"),
        ("<form runat=server><p>All of an old page</p></form>", "All of an old page"),
        ("<p>A<br>B<div>C</div>D", "A\nB\nC\nD"),
        ("<p><b>one</b>\n<b>line</b>\n", "one line"),
        ("<p>lo<b>ud</b>er<i> x</i>", "louder x"),
        ("<p>a\n\t  b&nbsp;c\0d", "a b cd"),
        ("<h2>T</h2><ul><li>one <a href=x>link</a> and more</li></ul>", "T\none link and more"),
        ("", ""),
        ("plain words", "plain words"),
        ("<frameset><frame src=x></frameset>", ""),
    ],
)
def test_headings_and_paragraphs_stand_one_a_line(html, text):
    assert read(html).text == text


def test_of_a_list_of_articles_all_are_read():
    teasers = "".join(f"<article><h2>{n}</h2><p>{'word ' * 60}</p></article>" for n in "ABC")

    assert [line for line in read(teasers).text.split("\n") if len(line) == 1] == ["A", "B", "C"]


def test_a_main_part_that_says_little_does_not_hide_the_rest():
    assert read("<main><p>Loading</p></main><div><p>All of it</p></div>").text == (
        "Loading\nAll of it"
    )


@pytest.mark.parametrize("letter", ["x ", "ä ", "😀 ", "x", "ä", "<p>ääääää"])
def test_a_text_is_cut_at_a_hundred_kilobytes_and_says_so(letter):
    found = read(letter * (90_000 if "<" in letter else 200_000))

    assert found.truncated
    assert MOST_TEXT_BYTES - 10 <= len(found.text.encode()) <= MOST_TEXT_BYTES


def test_a_text_that_fits_is_whole():
    assert not read("x" * (MOST_TEXT_BYTES - 1)).truncated
    assert plain_content("x\n" * 10).text == "\n".join("x" * 10)


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("<input type=email><button>Subscribe</button>", "newsletter"),
        ("<input type=email><button>Abonnieren</button>", "newsletter"),
        ("<h3>Suscríbete al boletín</h3><input name=correo>", "newsletter"),
        ("<h3>Angebot anfordern</h3><input name=email><textarea></textarea>", "quote"),
        ("<input name=email><button>Solicitar presupuesto</button>", "quote"),
        ("<input name=email><button>Pedir orçamento</button>", "quote"),
        ("<h3>Kreditantrag</h3><input name=email><input name=betrag>", "application"),
        ("<input name=email><button>Déposer ma candidature</button>", "application"),
        ("<input name=email><input name=loan_amount>", "application"),
        ("<input name=email><textarea></textarea><button>Enviar</button>", "contact"),
        ("<input name=tel><input name=name><button>Book a demo</button>", "lead_capture"),
        ("<input name=email><button>Download the guide</button>", "lead_capture"),
        ("<input name=email><input name=company><button>Go</button>", "lead_capture"),
        ("<input name=q><button>Go</button>", "other"),
        ("<input type=search>", "other"),
        ("<input name=email><input type=password>", "other"),
        ("<select name=language></select>", "other"),
        ("<h3>Freelance democracy</h3><input name=email><h4>Contact</h4>", "contact"),
        ("", "other"),
    ],
)
def test_a_form_is_what_it_asks_for_and_what_it_says(form, kind):
    (found,) = read(f"<form>{form}</form>").forms

    assert found.kind == kind


@pytest.mark.parametrize(
    ("html", "emails"),
    [
        ("<a href='mailto:Info@Acme.example?subject=x'>Mail</a>", ("info@acme.example",)),
        ("<a href='mailto:a%40acme.example'>Mail</a>", ("a@acme.example",)),
        ("Write to a.b+c@sub.acme.example.", ("a.b+c@sub.acme.example",)),
        ("<img src=logo@2x.png> logo@2x.png", ()),
        ("info [at] acme.example, info(at)acme.example", ()),
        ("<a href='mailto:'>x</a><a href='mailto:nobody'>x</a>", ()),
    ],
)
def test_addresses_are_taken_as_published(html, emails):
    assert read(html).contacts.emails == emails


@pytest.mark.parametrize(
    ("html", "phones"),
    [
        ("<a href='tel:+49%20731%205501'>Call</a>", ("+49 731 5501",)),
        ("Tel.: 0731/550123", ("0731/550123",)),
        ("Ring +44 20 7946 0000 now", ("+44 20 7946 0000",)),
        ("Fax: 0731/550123", ()),
        ("IBAN DE02 1203 0000 0000 2020 51, 2020-2024, 1.000.000,00", ()),
        ("<a href='tel:110'>Emergency</a>", ()),
    ],
)
def test_numbers_are_taken_as_published(html, phones):
    assert read(html).contacts.phones == phones


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 50_000,
        "<b>x</p>" * 50_000,
        "<a href='" * 50_000,
        "<DIV\n>" * 2000,
        "<ul><li>" * 2000,
        "<br>" * 100_001,
        "<script></script><i>" * 1500,
    ],
)
def test_what_nests_too_deep_or_never_ends_is_refused_before_it_is_parsed(html):
    with pytest.raises(Unparseable):
        markup.check(html)


@pytest.mark.parametrize(
    "html",
    [
        "<p>x" * 50_000,
        "<div>x</div>" * 49_000,
        "<li>x<br><img src=x><td>" * 20_000,
        "<script>" + "'<div>'" * 50_000 + "</script>",
        "<!--" + "<div>" * 50_000,
        "</div>" * 50_000 + "<div>" * 900,
        "<STYLE>" + "<b>" * 50_000 + "</Style>",
    ],
)
def test_what_only_looks_deep_is_not(html):
    markup.check(html)


MARKS = st.sampled_from(
    ["<p>", "</p>", "<div class='menu'>", "</div>", "<a href=x>", "<!--", "-->", "<script>",
     "<", "</script>", "<form>", "<input name=email>", "<main>", "<h1>", "\0", "&#xd800;", "&", "ä",
     "x ",     "<table>", "<td>", "<svg>", "<template>", "]]>", "'", '"', "<li>", "<ul>", "\ud800"]
)  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(st.lists(MARKS, max_size=60).map("".join))
def test_whatever_is_written_is_read(html):
    html = html.encode("utf-8", "replace").decode()
    found = read(html)

    assert "\0" not in found.text
    assert all(line.strip() == line and line for line in found.text.split("\n") if found.text)
    assert text_of(found.text.replace("<", " ")) is not None
