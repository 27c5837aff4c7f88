"""Sites of made-up companies as people build them, in several languages, by path."""

from tests.shared.pages.site import answer

LONG = (
    "Seit vielen Jahren fertigen wir in eigener Werkstatt, was andernorts nicht mehr zu haben ist. "
    * 20
)


def html(body, title="", language="en", head=""):
    page = f"<!doctype html><html lang={language}><head><title>{title}</title>{head}</head>"
    return answer(body=f"{page}<body>{body}</body></html>".encode())


GERMAN = {
    "/": html(
        """
        <nav><a href="/leistungen">Leistungen</a> <a href="/de/%C3%BCber-uns.html">Über uns</a>
        <a href="/kontakt/">Kontakt</a></nav>
        <main><h1>Bäckerei Holzofen</h1><p>Brot aus dem Holzofen, seit 1921 in Ulm.</p></main>
        <footer><a href="/impressum">Impressum</a> <a href="/datenschutz">Datenschutz</a>
        <a href="https://www.instagram.com/holzofen.example">Instagram</a></footer>
        """,
        "Bäckerei Holzofen | Brot aus Ulm",
        "de-DE",
        '<meta name="description" content="Brot und Brezeln, frisch aus dem Holzofen.">',
    ),
    "/impressum": html(
        """
        <h1>Impressum</h1><p>Bäckerei Holzofen GmbH, Hafengasse 1, 89073 Ulm</p>
        <p>Telefon: +49 731 1234567, Mobil: +49 151 70334412</p>
        <p>E-Mail: <a href="mailto:info@holzofen.example">info@holzofen.example</a></p>
        <p>Geschäftsführerin: Erika Beispiel, erika.beispiel@holzofen.example</p>
        <p>Webdesign: studio@pixelwerk.example</p>
        """,
        "Impressum",
        "de",
    ),
    "/kontakt/": html(
        """<h1>Kontakt</h1><p>Bestellungen: bestellung@holzofen.example, Tel. +49 731 1234567</p>
        <form><input name=email><textarea name=message></textarea></form>""",
        "Kontakt",
        "de",
    ),
    "/de/%C3%BCber-uns.html": html("<h1>Über uns</h1><p>Vier Generationen.</p>", "Über uns", "de"),
}

FRENCH = {
    "/": html(
        """<a href="nous-contacter">Nous écrire</a> <a href="mentions-legales.php">Mentions</a>
        <a href="/qui-sommes-nous">La maison</a>
        <script type="application/ld+json">{"@context": "https://schema.org",
         "@type": "AccountingService", "name": "Cabinet Lenoir",
         "address": {"@type": "PostalAddress", "streetAddress": "12 place des Tapis",
                     "addressLocality": "Lyon", "postalCode": "69004", "addressCountry": "FR"},
         "telephone": "04 78 00 12 34", "email": "contact@lenoir.example",
         "sameAs": ["https://www.linkedin.com/company/cabinet-lenoir-example"]}</script>
        <p>Expertise comptable à Lyon.</p>""",
        "Cabinet Lenoir – expertise comptable",
        "fr",
    ),
    "/nous-contacter": html("<p>contact@lenoir.example</p>", "Contact", "fr"),
    "/mentions-legales.php": html("<p>Directeur : p.lenoir@lenoir.example</p>", "Mentions", "fr"),
    "/qui-sommes-nous": html("<p>Depuis 1987.</p>", "La maison", "fr"),
}

JAPANESE = {
    "/": html(
        """<a href="/%E4%BC%9A%E7%A4%BE%E6%A6%82%E8%A6%81/">会社概要</a>
        <a href="/%E3%81%8A%E5%95%8F%E3%81%84%E5%90%88%E3%82%8F%E3%81%9B">お問い合わせ</a>""",
        "株式会社サンプル製作所",
        "ja",
    ),
    "/%E4%BC%9A%E7%A4%BE%E6%A6%82%E8%A6%81/": html(
        "<p>電話 <a href='tel:+81-3-6205-7788'>03-6205-7788</a></p>", "会社概要", "ja"
    ),
    "/%E3%81%8A%E5%95%8F%E3%81%84%E5%90%88%E3%82%8F%E3%81%9B": html(
        "<p>sales@sample-seisakusho.example</p>", "お問い合わせ", "ja"
    ),
}

PARTNERS = {
    "/": html(
        """<script type="application/ld+json">[
        {"@type": "Organization", "name": "Partner One", "url": "https://one.example",
         "email": "info@one.example"},
        {"@type": "Organization", "name": "Our Own", "url": "/"}]</script>""",
        "Our own",
    )
}

NOT_LIVE = {
    "parked": html("<p>This domain is for sale! Make us an offer.</p>", "holzofen.example"),
    "parked in German": html("<p>Diese Domain steht zum Verkauf.</p>", "holzofen.example", "de"),
    "parked in Spanish": html("<p>Este dominio está en venta</p>", "x.example", "es"),
    "login": html("<form><input name=user><input type=password></form>", "Sign in"),
    "under_construction": html("<h1>Coming soon</h1>", "Acme"),
    "under_construction in French": html("<p>Site en construction</p>", "Acme", "fr"),
    "under_construction in Japanese": html("<p>ただいま準備中です</p>", "Acme", "ja"),
    "default_page": html("<h1>Welcome to nginx!</h1>", "Welcome to nginx!"),
}
"""Home pages that are none, by what they are."""
