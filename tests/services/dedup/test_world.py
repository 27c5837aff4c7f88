# ruff: noqa: E501 (a row of a table reads best on one line)
"""Pairs of leads from all over the world of which a careful human would be sure.

Each row says what it claims; `pending` rows are known to fail, with the reason, and turn the
suite red once they are mended. No row is a real person; numbers are fictional or made up.
"""

from itertools import chain

import psycopg
import pytest
from psycopg import sql

import leadfly.app
from services.dedup import blocking, linkage, model, record
from services.dedup.decision import BLOCK, FLAG
from shared import settings

PATH = "/webhook/leadfly/duplicate-prevention"
MOBILE = "+27 82 123 4560"
LANDLINE = "+49 30 23125014"


def row(claim, known, new):
    return pytest.param(known, new, id=claim)


def pending(reason, *rows):
    """Rows that fail today because of *reason*."""
    mark = pytest.mark.xfail(strict=True, reason=reason)
    return [pytest.param(*each.values, id=each.id, marks=mark) for each in rows]


def lead(name="", email="", phone="", **more):
    given = {"name": name, "email": email, "phone": phone} | more
    return {field: text for field, text in given.items() if text}


def one_phone(*names, known="first.box@alpha.example", new="zz99@beta.example"):
    """Rows of (name, name) that share a telephone and nothing else."""
    return [row(f"{a} = {b}", lead(a, known, MOBILE), lead(b, new, MOBILE)) for a, b in names]


def compared(known, new):
    a, b = record.read(known).record, record.read(new).record
    return linkage.compare(a, b), set(blocking.keys(a)) & set(blocking.keys(b))


# fmt: off

# One mailbox

MAILBOXES = [
    row("mailbox and firm of one name", lead(email="rossi@rossi.it", phone=MOBILE), lead(email="rossi@rossi.it", phone=LANDLINE)),
    row("initials that are a function's, too", lead("Harpreet Singh", "hr.singh@steel.example"), lead("H. Singh", "hr.singh@steel.example")),
    row("gmail ignores dots", lead(email="carla.mendes@gmail.com"), lead(email="carlamendes@gmail.com")),
    row("gmail ignores tags", lead(email="carlamendes@gmail.com"), lead(email="CarlaMendes+promo@GMAIL.com")),
    row("googlemail is gmail", lead(email="carla.mendes@gmail.com"), lead(email="carla.mendes@googlemail.com")),
    row("case, umlaut", lead(email="tobias.krüger@beispiel-ag.de"), lead(email="Tobias.Krüger@Beispiel-AG.DE")),
    row("display name", lead(email="Ines Roth <ines.roth@gmx.at>"), lead(email="mailto:ines.roth@gmx.at")),
    row("IDN and punycode", lead(email="anna.k@müller-bau.de"), lead(email="anna.k@xn--mller-bau-q9a.de")),
    row("tag at a firm", lead(email="ravi.iyer+webinar@steel.example"), lead(email="ravi.iyer@steel.example")),
    row("stray blanks and full stop", lead(email="omar.haddad@gmail.com"), lead(email=" omar.haddad@gmail.com. ")),
    row("proton", lead(email="x.y.zeta@proton.me"), lead(email="X.Y.Zeta@protonmail.com")),
    row("same mailbox, other name", lead("Kenji Tanaka", "k.tanaka@yahoo.co.jp"), lead("Maria Gomez", "k.tanaka@yahoo.co.jp")),
    row("married, same mailbox", lead("Laura Becker", "laura.b@web.de"), lead("Laura Hoffmann", "laura.b@web.de")),
    row("same mailbox, other phone", lead(email="a.solberg@fjord.example", phone=MOBILE), lead(email="a.solberg@fjord.example", phone=LANDLINE)),
    row("newsletter tag in the known lead", lead(email="p.dubois@outlook.fr", phone=MOBILE), lead(email="P.Dubois+news@outlook.fr", phone=LANDLINE)),
    row("newsletter tag in the new lead", lead(email="P.Dubois+news@outlook.fr", phone=MOBILE), lead(email="p.dubois@outlook.fr", phone=LANDLINE)),
]


def mistyped(*domains):
    return [
        row(f"{wrong} for {right}", lead("Nadia Petrenko", f"nadia.petrenko@{right}"), lead("Nadia Petrenko", f"nadia.petrenko@{wrong}"))
        for right, wrong in domains
    ]


TYPOS = [
    *mistyped(
        ("gmail.com", "gmial.com"), ("gmail.com", "gmail.con"), ("gmail.com", "gmai.com"), ("gmail.com", "gamil.com"),
        ("gmail.com", "gmail.co"), ("gmail.com", "gnail.com"), ("gmail.com", "gmail.cm"), ("hotmail.com", "hotmial.com"),
        ("hotmail.com", "hotmail.con"), ("yahoo.com", "yaho.com"), ("outlook.com", "outlok.com"), ("icloud.com", "iclould.com"),
        ("t-online.de", "t-onlin.de"), ("hotmail.fr", "hotmial.fr"), ("orange.fr", "ornage.fr"), ("libero.it", "libreo.it"),
        ("qq.com", "qq.con"), ("naver.com", "naver.con"),
    ),
    row("letter missing in the mailbox", lead("Jonas Weatherby", "weatherby.jonas@gmail.com"), lead("Jonas Weatherby", "wetherby.jonas@gmail.com")),
    row("letters swapped in the mailbox", lead("Sofia Lindqvist", "sofia.lindqvist@telia.example"), lead("Sofia Lindqvist", "sofia.lindqvits@telia.example")),
    row("letter doubled in the mailbox", lead("Thabo Nkosi", "thabo.nkosi@yahoo.com"), lead("Thabo Nkosi", "thabbo.nkosi@yahoo.com")),
    row("firm's domain mistyped", lead("Henry Okafor", "h.okafor@brightwater.com", company="Brightwater"), lead("Henry Okafor", "h.okafor@brigthwater.com", company="Brightwater")),
    *mistyped(("web.de", "web.d"), ("gmx.de", "gmx.d"), ("gmail.com", "gmail.com.com"), ("gmail.com", "gmailcom")),
    row("firm's domain mistyped, short mailbox", lead("Henry Okafor", "hok@brightwater.com"), lead("Henry Okafor", "hok@brightwatr.com")),
]

# One telephone

PHONES = {
    "DE": ("+49 30 23125014", "030 23125014", "Germany"),
    "DE mobile": ("+49 1512 3917460", "0151/23917460", "Deutschland"),
    "GB": ("+44 20 7946 0958", "020 7946 0958", "UK"),
    "GB with (0)": ("+44 (0)7700 900123", "07700 900 123", "United Kingdom"),
    "IN": ("+91 98765 43012", "098765 43012", "India"),
    "BR": ("+55 11 98765-4302", "(11) 98765-4302", "Brasil"),
    "BR with carrier": ("+55 11 98765-4302", "0 15 11 98765-4302", "BR"),
    "MX": ("+52 55 1234 5670", "55 1234 5670", "México"),
    "MX old mobile 1": ("+52 1 55 1234 5670", "55 1234 5670", "Mexico"),
    "MX old 044": ("+52 55 1234 5670", "044 55 1234 5670", "Mexico"),
    "JP": ("+81 90-1234-5670", "090-1234-5670", "日本"),
    "CN": ("+86 138 0013 8002", "138-0013-8002", "中国"),
    "RU": ("+7 916 123-45-60", "8 (916) 123-45-60", "Россия"),
    "AU": ("+61 491 570 156", "0491 570 156", "Australia"),
    "ZA": ("+27 82 123 4560", "082 123 4560", "South Africa"),
    "NG": ("+234 803 123 4560", "0803 123 4560", "Nigeria"),
    "EG": ("+20 100 123 4560", "0100 123 4560", "Egypt"),
    "EG named in Arabic": ("+20 100 123 4560", "0100 123 4560", "مصر"),
    "EG in Arabic digits": ("+20 100 123 4560", "٠١٠٠١٢٣٤٥٦٠", "Egypt"),
    "SA": ("+966 50 123 4560", "050 123 4560", "Saudi Arabia"),
    "KR": ("+82 10-1234-5670", "010-1234-5670", "대한민국"),
    "IT": ("+39 06 1234 5670", "06 12345670", "Italia"),
    "FR": ("+33 6 12 34 56 70", "06.12.34.56.70", "France"),
    "AR": ("+54 9 11 2345-6780", "011 15-2345-6780", "Argentina"),
    "TR": ("+90 532 123 45 60", "0532 123 45 60", "Türkiye"),
    "UA": ("+380 67 123 45 60", "067 123-45-60", "Україна"),
    "VN": ("+84 91 234 5670", "091 234 5670", "Việt Nam"),
    "ID": ("+62 812-3456-7801", "0812-3456-7801", "Indonesia"),
    "PL": ("+48 512 345 670", "512 345 670", "Polska"),
}


def with_country(*places):
    """Rows of one number written abroad and at home, the country named, in two mailboxes."""
    return [
        row(f"{place}, country named", lead(email="a.one@first.example", phone=PHONES[place][0]), lead(email="b.two@second.example", phone=PHONES[place][1], country=PHONES[place][2]))
        for place in places
    ]


def without_country(*places):
    """Rows of one person's number written abroad and at home, nothing telling where that is."""
    return [
        row(f"{place}, no country", lead("Robin Castellanos", phone=PHONES[place][0]), lead("Robin Castellanos", phone=PHONES[place][1]))
        for place in places
    ]


NUMBERS = [
    *with_country(*PHONES),
    row("00 for +", lead(phone="0049 30 23125014"), lead(phone="+49 30 23125014")),
    row("011 for +", lead(phone="011 44 20 7946 0958"), lead(phone="+44 20 7946 0958")),
    row("remarks", lead(phone="Mobil: +41 79 123 45 67"), lead(phone="+41791234567 (WhatsApp)")),
    row("two numbers in one field", lead(phone="+1 212 555 0147 / +1 212 555 0199"), lead(phone="212-555-0147")),
    row("same extension", lead("Dana Ruiz", phone="+1 212 555 0147 x12"), lead("Dana Ruiz", phone="(212) 555-0147 ext. 12")),
    row("extension left out", lead("Dana Ruiz", phone="+1 212 555 0147 x12"), lead("Dana Ruiz", phone="(212) 555-0147")),
    row("vanity", lead(phone="1-800-FLOWERS"), lead(phone="+1 800 356 9377")),
    row("one wrong digit, one company", lead("Priya Raman", phone="+44 20 7946 0958", company="Holt Foods"), lead("Priya Raman", phone="+44 20 7946 0953", company="Holt Foods Ltd")),
    row("two digits swapped, one company", lead("Priya Raman", phone="+44 20 7946 0958", company="Holt Foods"), lead("Priya Raman", phone="+44 20 7946 0985", company="Holt Foods Ltd")),
    row("two mailboxes, one phone, one without a name", lead("Ingrid Solberg", "a@fjord.example", MOBILE), lead("", "zz@gmail.com", MOBILE)),
]

UNPLACED = [
    *without_country(*(place for place in PHONES if place not in ("AR", "EG named in Arabic"))),
    *without_country("AR"),
    row("one wrong digit, two mailboxes", lead("Priya Raman", "priya@holtfoods.example", "+44 7700 900123", company="Holt Foods"), lead("Priya Raman", "praman88@gmail.com", "+44 7700 900124", company="Holt Foods")),
    row("one digit missing, one company", lead("Priya Raman", phone="+44 20 7946 0958", company="Holt Foods"), lead("Priya Raman", phone="+44 20 7946 098", company="Holt Foods Ltd")),
    row("one wrong digit, a rare name", lead("Priya Ramanathan-Webb", phone="+44 7700 900123"), lead("Priya Ramanathan-Webb", phone="+44 7700 900124")),
    row("no country, no name, two mailboxes", lead(email="a.one@first.example", phone="+27 82 123 4560"), lead(email="b.two@second.example", phone="082 123 4560")),
]

# One name, written in many ways, on one mobile and in two mailboxes

NAMES = [
    *one_phone(
        ("Robert Chen", "Bob Chen"), ("Elizabeth Moore", "Liz Moore"), ("William Hart", "Bill Hart"), ("Margaret Doyle", "Peggy Doyle"),
        ("Alexander Popov", "Sasha Popov"), ("Francisco Ruiz", "Paco Ruiz"), ("José Luis Ortega", "Pepe Ortega"), ("Katarzyna Wójcik", "Kasia Wójcik"),
        ("Giuseppe Conti", "Beppe Conti"), ("Johannes Maier", "Hannes Maier"), ("Ekaterina Smirnova", "Katya Smirnova"), ("Muhammad Iqbal", "Mohd Iqbal"),
        ("Friedrich Lang", "Fritz Lang"), ("Dmitri Volkov", "Dima Volkov"),
        ("Renée Lefèvre", "Renee Lefevre"), ("Jürgen Müller", "Juergen Mueller"), ("Jürgen Müller", "Jurgen Muller"), ("Günter Groß", "Guenther Gross"),
        ("Łukasz Żółć", "Lukasz Zolc"), ("Søren Kjær", "Soeren Kjaer"), ("Åsa Öberg", "Aasa Oeberg"), ("Işıl Yıldız", "Isil Yildiz"),
        ("Đặng Thị Hoa", "Dang Thi Hoa"), ("Nguyễn Văn An", "An Nguyen Van"), ("Þórdís Jónsdóttir", "Thordis Jonsdottir"), ("Siobhán Ó Briain", "Siobhan O Briain"),
        ("Conor O’Brien", "Conor OBrien"), ("Ewan MacDonald", "Ewan McDonald"), ("Peter van der Berg", "Peter Vanderberg"), ("João da Conceição", "Joao Conceicao"),
        ("Mei Lin Chen", "Chen Mei Lin"), ("Nagy Péter", "Péter Nagy"), ("García López, María", "María García López"), ("María García López", "María García"),
        ("MARTIN Claire", "Claire Martin"), ("J. Thompson", "James Thompson"), ("J.R. Thompson", "James Robert Thompson"), ("James Robert Thompson", "James Thompson"),
        ("Dr. med. Eva Brandt", "Eva Brandt"), ("Herr Brandt", "Eric Brandt"), ("Jean-Pierre Blanc", "J-P Blanc"), ("Ana Souza", "Ana Souza Lima"),
        ("Suharto", "Suharto Wijaya"), ("Catherine O'Neil", "Katherine O'Neill"), ("Steven Clark", "Stephen Clarke"), ("Mohammed Hussein", "Muhammad Hussain"),
        ("S. Ramanathan", "Subramaniam Ramanathan"), ("Ramanathan S", "S Ramanathan"), ("Anna Schmidt", "Anna Schmidt-Vogel"), ("Prof. Dr. Ngozi Eze", "Ngozi Eze, PhD"),
    ),
    *one_phone(
        ("Александр Петров", "Aleksandr Petrov"), ("Александр Петров", "Alexander Petrov"), ("Юлия Щербакова", "Iuliia Shcherbakova"), ("Сергій Шевченко", "Sergey Shevchenko"),
        ("Евгений Хрущёв", "Evgeny Khrushchev"), ("Јелена Ђорђевић", "Jelena Djordjevic"), ("Γιώργος Παπαδόπουλος", "Giorgos Papadopoulos"), ("Ελένη Χατζή", "Eleni Hatzi"),
        ("王伟", "Wei Wang"), ("王小明", "Xiaoming Wang"), ("李娜", "Li Na"), ("欧阳修", "Xiu Ouyang"), ("サトウ ハナコ", "Hanako Sato"),
        ("김민수", "Minsu Kim"), ("박지훈", "Jihoon Park"), ("최윤정", "Yoonjung Choi"), ("राहुल शर्मा", "Rahul Sharma"), ("გიორგი ბერიძე", "Giorgi Beridze"), ("Արամ Պետրոսյան", "Aram Petrosyan"),
    ),
    *one_phone(("山田太郎", "Taro Yamada"), ("佐藤 花子", "Hanako Sato"), ("鈴木一郎", "Ichiro Suzuki"), ("大野健太", "Kenta Ohno"), ("さくら 田中", "Sakura Tanaka"), ("陳大文", "Tai Man Chan"), ("吕布", "Bu Lyu")),
    *one_phone(
        ("محمد علي", "Mohamed Ali"), ("أحمد حسن", "Ahmed Hassan"), ("عبد الله السعود", "Abdullah Al Saud"), ("فاطمة الزهراء", "Fatima Zahra"), ("خالد المصري", "Khaled El Masry"), ("یوسف خان", "Yousuf Khan"), ("علی رضایی", "Ali Rezaei"),
        ("דוד כהן", "David Cohen"), ("יעקב לוי", "Yaakov Levi"), ("שרה פרידמן", "Sarah Friedman"), ("משה בן דוד", "Moshe Ben David"),
    ),
    *one_phone(("สมชาย ใจดี", "Somchai Jaidee"), ("நந்தினி குமார்", "Nandini Kumar"), ("সুমন চৌধুরী", "Suman Chowdhury")),
    *one_phone(("Ευάγγελος Μπακογιάννης", "Evangelos Bakogiannis")),
    *one_phone(("김민수", "Min-Soo Kim"), ("이영희", "Younghee Lee"), ("정우성", "Woo-sung Jung"), ("이영희", "Lee Young Hee")),
    *one_phone(("Anne Marie Dupont", "Annemarie Dupont"), ("Juan Pablo Ruiz", "Juanpablo Ruiz"), ("Abdulrahman Saleh", "Abdel Rahman Saleh")),
    *one_phone(("James Robert Thompson", "Robert Thompson")),
    *one_phone(
        ("Maria Petrova", "Maria Petrov"), ("Jana Nováková", "Jana Novák"), ("Anna Kowalska", "Anna Kowalski"), ("Natalia Tolstaya", "Natalia Tolstoy"), ("Eleni Papadopoulou", "Eleni Papadopoulos"),
        ("Philippe Blanc", "Philipp Blanc"), ("Eugene Blanc", "Eugen Blanc"), ("Jennifer Hart", "Jenifer Hart"), ("Anna Keller", "Anne Keller"), ("Maria Keller", "Marie Keller"), ("Brian Doyle", "Bryan Doyle"), ("Michelle Doyle", "Michele Doyle"),
        ("Peter Smith", "Peter Msith"), ("Evgeny Evtushenko", "Yevgeny Yevtushenko"), ("Στέλιος Παύλου", "Stelios Pavlou"),
    ),
    *one_phone(
        ("Amy Chan", "Chi-wing Chan"), ("Kevin Tse", "Tsz-ho Tse"), ("Bohdan Kovalenko", "Bogdan Kovalenko"), ("Ганна Ткаченко", "Hanna Tkachenko"), ("Marites Santos", "Maria Theresa Santos"),
        ("Napatsorn Jaidee", "Naphatson Chaidi"), ("Pornthip Sooksawasdi", "Porntip Suksawat"), ("Chrysoula Oikonomou", "Hrisoula Economou"), ("Yoshida Tetsuya", "Yosida Tetuya"), ("長谷川達也", "Tatsuya Hasegawa"),
        ("Josemi Tirado", "José Miguel Tirado"), ("Majo Tirado", "María José Tirado"), ("Enrique Mateu", "Quique Mateu"), ("Pri Desai", "Priya Desai"), ("JP Santos", "John Paul Santos"), ("Horszegi Pisti", "István Horszegi"),
        ("MUDr. Vendula Macháčková", "Vendula Macháčková"), ("Melania Della Valle - urgent", "Melania Della Valle"), ("Wai Kwan Chow", "Wal Kwan Chow"), ("Αθανάσιος Ντόκος", "Athanasios Dokos"),
        ("María Teresa Martínez López", "María Teresa Martínez"), ("Fauzi Wijaya", "Ahmad Fauzi Wijaya"),
    ),
    row("whole Han name in the first name", lead(first_name="許宜婷", last_name="許", phone=MOBILE), lead("許宜婷", phone=MOBILE)),
    row("given name alone, in Han", lead(first_name="思红", phone=MOBILE), lead(first_name="思红", last_name="梁", phone=MOBILE)),
    row("two initials, a family spelt as a Chinese one", lead(first_name="L. V.", last_name="Hứa", phone=MOBILE), lead(first_name="Long Văn", last_name="Hứa", phone=MOBILE)),
    row("surnames with particles", lead("Juan Carlos de la Cruz Jiménez", phone=MOBILE), lead(first_name="Juan Carlos", last_name="de la Cruz Jiménez", phone=MOBILE)),
    row("given and family name exchanged", lead(first_name="Okonkwo", last_name="Ifeanyi", phone=MOBILE), lead(first_name="Ifeanyi", last_name="Okonkwo", phone=MOBILE)),
    row("whole name or separate fields", lead("Lerato van Wyk", phone=MOBILE), lead(first_name="Lerato", last_name="van Wyk", phone=MOBILE)),
    row("whole name in the first name", lead(first_name="Lerato van Wyk", phone=MOBILE), lead(first_name="Lerato", last_name="van Wyk", phone=MOBILE)),
    row("married, one mobile", lead("Lerato Dlamini", phone=MOBILE), lead("Lerato van Wyk", phone=MOBILE)),
    row("married, one mobile and birthday", lead("Lerato Dlamini", "lerato.d@gmail.com", MOBILE, date_of_birth="1988-04-02"), lead("Lerato van Wyk", "lvw@gmail.com", MOBILE, date_of_birth="1988-04-02")),
    row("married, one mobile, two mailboxes", lead("Lerato Dlamini", "lerato.d@gmail.com", MOBILE), lead("Lerato van Wyk", "lvw@gmail.com", MOBILE)),
]

# One person in several roles

INGRID = "Ingrid Solberg"
LIVES = [
    row("private and work mail, one phone", lead(INGRID, "ingrid.solberg@fjord.example", MOBILE), lead(INGRID, "isolberg@gmail.com", MOBILE)),
    row("changed jobs, one phone", lead(INGRID, "ingrid.solberg@fjord.example", MOBILE, company="Fjordbank ASA"), lead(INGRID, "is@nordlys.example", MOBILE, company="Nordlys Energi AS")),
    row("private and work mail, one company", lead(INGRID, "ingrid.solberg@fjord.example", company="Fjordbank ASA"), lead(INGRID, "isolberg@gmail.com", company="Fjordbank")),
    row("one birthday, other mail and phone", lead(INGRID, "a@fjord.example", MOBILE, date_of_birth="1979-11-30"), lead(INGRID, "zz@gmail.com", LANDLINE, date_of_birth="30.11.1979")),
    row("one street, other mail", lead(INGRID, "a@fjord.example", street="Storgata 5", city="Oslo"), lead(INGRID, "zz@gmail.com", street="Storgata 5", city="Oslo")),
    row("role inbox, one name", lead(INGRID, "info@solbergbygg.example", company="Solberg Bygg"), lead(INGRID, "info@solbergbygg.example", company="Solberg Bygg AS")),
    row("role inbox and own mailbox, one phone", lead(INGRID, "info@solbergbygg.example", MOBILE), lead(INGRID, "ingrid@solbergbygg.example", MOBILE)),
]


def one_company(*names):
    """Rows of one rare name at one company, under two private mailboxes."""
    person = "Tamsin Oakeshott"
    return [
        row(f"{a} = {b}", lead(person, "tamsin.o@gmail.com", company=a), lead(person, "t.oakeshott@outlook.com", company=b))
        for a, b in names
    ]


COMPANIES = [
    *one_company(
        ("Müller & Söhne GmbH", "Mueller und Soehne"), ("International Business Machines", "IBM"), ("Johnson & Johnson", "Johnson and Johnson Inc."),
        ("Tecnologia Avançada Ltda", "Tecnologia Avancada"), ("PricewaterhouseCoopers", "Pricewaterhouse Coopers LLP"), ("Grupo Bimbo S.A. de C.V.", "Grupo Bimbo"),
        ("三菱商事株式会社", "三菱商事"), ("ООО Ромашка", "Romashka LLC"), ("The Baltic Trading Company", "Baltic Trading Co."), ("Société Générale", "Societe Generale SA"),
        ("Greenfield Consulting", "Grenfield Consulting"), ("brightwater.com", "Brightwater Ltd"),
    ),
    *one_company(("Siemens AG", "Seimens")),
    *pending(
        "a company's words are blocked by the first one alone",
        *one_company(("Smith & Jones", "Jones & Smith")),
    ),
    *one_company(("Massachusetts Institute of Technology", "MIT")),
]

# Two people

OFFICE = {"street": "Hauptstr. 5", "city": "Berlin", "postal_code": "10115"}
FIRM = {"company": "Voltara"}
SWITCHBOARD = "+49 30 23125000"
COLLEAGUES = [
    row("one given name", lead("Anna Keller", "anna.keller@voltara.example", "+49 30 23125014", **FIRM), lead("Anna Busch", "anna.busch@voltara.example", "+49 30 23125077", **FIRM)),
    row("one family name", lead("Jonas Keller", "jonas.keller@voltara.example", **FIRM), lead("Petra Keller", "petra.keller@voltara.example", **FIRM)),
    row("one switchboard", lead("Jonas Keller", "jonas.keller@voltara.example", SWITCHBOARD, **FIRM), lead("Petra Busch", "petra.busch@voltara.example", SWITCHBOARD, **FIRM)),
    row("one switchboard, two extensions", lead("Jonas Keller", "jonas.keller@voltara.example", "+1 212 555 0100 x11", **FIRM), lead("Petra Busch", "petra.busch@voltara.example", "+1 212 555 0100 x12", **FIRM)),
    row("one switchboard and given name", lead("Jonas Keller", "jonas.keller@voltara.example", SWITCHBOARD, **FIRM), lead("Jonas Busch", "jonas.busch@voltara.example", SWITCHBOARD, **FIRM)),
    row("one switchboard and office", lead("Jonas Keller", "jonas.keller@voltara.example", SWITCHBOARD, **FIRM, **OFFICE), lead("Petra Busch", "petra.busch@voltara.example", SWITCHBOARD, **FIRM, **OFFICE)),
    row("one switchboard, no mail", lead("Jonas Keller", phone=SWITCHBOARD, **FIRM), lead("Petra Busch", phone=SWITCHBOARD, **FIRM)),
    row("relatives in a family firm, one phone", lead("Giulia Rossi", "giulia@rossi.example", "+39 06 12345670", company="Rossi Srl"), lead("Luca Rossi", "luca@rossi.example", "+39 06 12345670", company="Rossi Srl")),
    row("role inbox", lead("Jonas Keller", "info@voltara.example", **FIRM), lead("Petra Busch", "info@voltara.example", **FIRM)),
    row("role inbox, one given name", lead("Petra Keller", "info@voltara.example", **FIRM), lead("Petra Busch", "info@voltara.example", **FIRM)),
    row("no names, one firm", lead(email="jk@voltara.example", **FIRM), lead(email="pb@voltara.example", **FIRM)),
    row("homonyms, other mailboxes and phones", lead("Thomas Müller", "thomas.mueller@voltara.example", "+49 30 23125014", **FIRM), lead("Thomas Müller", "thomas.mueller2@voltara.example", "+49 30 23125077", **FIRM)),
    row("homonyms in one town", lead("Thomas Müller", "thomas.mueller@voltara.example", "+49 30 23125014", city="Berlin", **FIRM), lead("Thomas Müller", "t.mueller@voltara.example", "+49 30 23125077", city="Berlin", **FIRM)),
    row("homonyms of other birthdays", lead("Thomas Müller", "tm1@gmx.de", date_of_birth="1960-01-01", **FIRM), lead("Thomas Müller", "tm2@web.de", date_of_birth="1991-07-12", **FIRM)),
    row("sequential phones", lead("Jonas Keller", "jk@voltara.example", "+49 30 23125014", **FIRM), lead("Jonas Busch", "jb@voltara.example", "+49 30 23125015", **FIRM)),
    row("sequential phones, no names", lead("", "a@voltara.example", "+49 30 23125014", **FIRM), lead("", "b@voltara.example", "+49 30 23125015", **FIRM)),
    row("one switchboard, office and given name", lead("Jonas Keller", "jonas.keller@voltara.example", SWITCHBOARD, **FIRM, **OFFICE), lead("Jonas Busch", "jonas.busch@voltara.example", SWITCHBOARD, **FIRM, **OFFICE)),
    row("one switchboard and office, private mail", lead("Jonas Keller", "jk1975@gmail.com", SWITCHBOARD, **FIRM, **OFFICE), lead("Petra Busch", "petra.b@web.de", SWITCHBOARD, **FIRM, **OFFICE)),
    row("one switchboard and office, no mail", lead("Jonas Keller", phone=SWITCHBOARD, **FIRM, **OFFICE), lead("Petra Busch", phone=SWITCHBOARD, **FIRM, **OFFICE)),
    row("one switchboard and given name, no mail", lead("Jonas Keller", phone=SWITCHBOARD, **FIRM), lead("Jonas Busch", phone=SWITCHBOARD, **FIRM)),
    row("relatives in a family firm, one phone and address", lead("Giulia Rossi", "giulia@rossi.example", "+39 06 12345670", company="Rossi Srl", street="Via Roma 1", city="Roma"), lead("Luca Rossi", "luca.rossi@libero.it", "+39 06 12345670", company="Rossi Srl", street="Via Roma 1", city="Roma")),
    row("role inbox and switchboard", lead("Jonas Keller", "info@voltara.example", SWITCHBOARD, **FIRM), lead("Petra Busch", "info@voltara.example", SWITCHBOARD, **FIRM)),
    row("role inbox and switchboard, no company", lead("Jonas Keller", "sales@voltara.example", SWITCHBOARD), lead("Petra Busch", "sales@voltara.example", SWITCHBOARD)),
]

GIVEN_NAMES = (
    ("Mario", "Maria"), ("Daniel", "Daniela"), ("Paul", "Paula"), ("Jana", "Dana"), ("Martin", "Martina"), ("Ivan", "Ivana"), ("Eric", "Erica"),
    ("Simon", "Simone"), ("Jan", "Jana"), ("Joan", "Jean"), ("Karim", "Karima"), ("Oleksandr", "Oleksandra"), ("Nicolas", "Nicole"), ("Andre", "Andrea"), ("Luis", "Luisa"), ("Amir", "Amira"),
)  # fmt: skip
"""Two given names each that look like one misspelt."""


def colleagues_called(pairs):
    return [
        row(f"{a} and {b} Conte, colleagues", lead(f"{a} Conte", f"{a.lower()}.conte@voltara.example", **FIRM), lead(f"{b} Conte", f"{b.lower()}.conte@voltara.example", **FIRM))
        for a, b in pairs
    ]


def family_called(pairs):
    return [
        row(f"{a} and {b} Conte, one landline", lead(f"{a} Conte", f"{a.lower()}88@gmail.com", LANDLINE), lead(f"{b} Conte", f"{b.lower()}.c@libero.it", LANDLINE))
        for a, b in pairs
    ]


LIKE_NAMES = [
    row("José Luis and María José, one landline", lead("José Luis Tirado", "jlt@gmail.com", LANDLINE), lead("María José Tirado", "majo88@gmail.com", LANDLINE)),
    row("William and Mary Young, one landline", lead("William Young", "william.young@gmail.com", LANDLINE), lead("Mary Laura Young", "mary.young@gmail.com", LANDLINE)),
    row("Wen-hui and Hao-ying Xu, one landline", lead("Wen-hui Xu", "wenhui@gmail.com", LANDLINE), lead("Hao-ying Xu", "haoying@gmail.com", LANDLINE)),
    row("a couple of two families in two scripts, one landline", lead("張冠翰", "kuanhan@gmail.com", LANDLINE), lead("Shu-chen Hsu", "shuchen@gmail.com", LANDLINE)),
    row("Rocha Gomes and Martins Gomes, colleagues", lead("Jessica Rocha Gomes", "j.rocha@gmail.com", **FIRM), lead(first_name="Jéssica", last_name="Martins Gomes", email="jmg@gmail.com", **FIRM)),
    row("Andrei and Andreea, one landline", lead("Andrei Petanu", phone=LANDLINE), lead("Andreea Petanu", "andreea@yahoo.com", LANDLINE)),
    row("one name of a family nobody can count, at two employers", lead("佐藤陽子", "y.sato@topaz.example", company="Topaz"), lead("佐藤陽子", "y.sato@ito.example", company="Ito")),
    row("Carlos and Carla, colleagues", lead("Carlos Conte", "carlos.conte@voltara.example", **FIRM), lead("Carla Conte", "carla.conte@voltara.example", **FIRM)),
    row("Wei and Lei Wang, colleagues", lead("Wei Wang", "wei.wang@voltara.example", "+86 138 0013 8002", **FIRM), lead("Lei Wang", "lei.wang@voltara.example", "+86 139 1013 7003", **FIRM)),
    *family_called([("Nicolas", "Nicole")]),
    row("Harpreet Singh and Harpreet Kaur", lead("Harpreet Singh", "harpreet@voltara.example", "+91 98765 43012", **FIRM), lead("Harpreet Kaur", "harpreet.k@voltara.example", "+91 98111 22334", **FIRM)),
    row("Minsu and Minji Kim, colleagues", lead("Minsu Kim", "minsu@voltara.example", **FIRM), lead("Minji Kim", "minji@voltara.example", **FIRM)),
    *colleagues_called(pair for pair in GIVEN_NAMES if pair != ("Nicolas", "Nicole")),
    *family_called(pair for pair in GIVEN_NAMES if pair != ("Nicolas", "Nicole")),
    row("Aleksandr Smirnov and Aleksandra Smirnova, one landline", lead("Aleksandr Smirnov", "a.smirnov@mail.ru", "+7 495 123-45-60"), lead("Aleksandra Smirnova", "as88@mail.ru", "+7 495 123-45-60")),
    row("Petr Novák and Petra Nováková, one landline", lead("Petr Novák", "petr@novak.example", LANDLINE), lead("Petra Nováková", "petra@novak.example", LANDLINE)),
    row("Lars Hansen and Lars Jansen, colleagues", lead("Lars Hansen", "lars.hansen@voltara.example", "+49 30 23125014", **FIRM), lead("Lars Jansen", "lars.jansen@voltara.example", "+49 30 23125077", **FIRM)),
    row("Peter Bauer and Peter Sauer, colleagues", lead("Peter Bauer", "peter.bauer@voltara.example", "+49 30 23125014", **FIRM), lead("Peter Sauer", "peter.sauer@voltara.example", "+49 30 23125077", **FIRM)),
]

HOMONYMS = [
    row("one name in two countries", lead("John Smith", "jsmith77@gmail.com", "+1 212 555 0147", city="New York", country="US"), lead("John Smith", "john.s@yahoo.com", "+44 20 7946 0958", city="London", country="GB")),
    row("one name in one city", lead("Maria Silva", "maria1980@gmail.com", "+55 11 98765-4302", city="São Paulo"), lead("Maria Silva", "msilva.sp@hotmail.com", "+55 11 91234-5678", city="Sao Paulo")),
    row("one name in one postal code", lead("Wang Wei", "ww1@qq.com", "+86 138 0013 8002", postal_code="100000"), lead("Wang Wei", "weiwang@163.com", "+86 139 1013 7003", postal_code="100000")),
    row("one name in a firm of half a million", lead("Rahul Sharma", "rs1@gmail.com", "+91 98765 43012", company="Tata Consultancy Services"), lead("Rahul Sharma", "sharma.rahul.t@yahoo.in", "+91 98111 22334", company="TCS")),
    row("numbered mailboxes", lead("John Smith", "john.smith1@gmail.com"), lead("John Smith", "john.smith2@gmail.com")),
    row("Summit Health and Summit Wealth", lead("John Smith", "john@summit-health.example", "+1 212 555 0147", company="Summit Health"), lead("John Smith", "jsmith@summit-wealth.example", "+1 415 555 0199", company="Summit Wealth")),
    row("First National and First Community Bank", lead("John Smith", "john@firstbank.example", "+1 212 555 0147", company="First National Bank"), lead("John Smith", "jsmith@fcb.example", "+1 415 555 0199", company="First Community Bank")),
    row("AB and Alpha Beta", lead("John Smith", "john@ab.example", "+1 212 555 0147", company="AB"), lead("John Smith", "jsmith@alphabeta.example", "+1 415 555 0199", company="Alpha Beta")),
    row("john.smith@ at two employers", lead("John Smith", "john.smith@voltara.example", "+1 212 555 0147", company="Voltara"), lead("John Smith", "john.smith@globex.example", "+1 415 555 0199", company="Globex")),
    row("john.smith@ at two employers, no phones", lead("John Smith", "john.smith@voltara.example", company="Voltara"), lead("John Smith", "john.smith@globex.example", company="Globex")),
    row("john.smith@ at two providers, in two countries", lead("John Smith", "john.smith@yahoo.com", "+1 212 555 0147", city="New York", country="US"), lead("John Smith", "john.smith@outlook.com", "+44 20 7946 0958", city="London", country="GB")),
]

HOME = {"street": "Hauptstr. 5", "city": "Berlin"}
HOUSEHOLDS = [
    row("couple, one landline", lead("Eva Brandt", "eva@web.de", LANDLINE), lead("Karl Brandt", "karl@gmx.de", LANDLINE)),
    row("couple, one landline, no mail", lead("Eva Brandt", phone=LANDLINE), lead("Karl Brandt", phone=LANDLINE)),
    row("couple, one landline and address", lead("Eva Brandt", "eva@web.de", LANDLINE, **HOME), lead("Karl Brandt", "karl@gmx.de", LANDLINE, **HOME)),
    row("unmarried couple, one landline and address, no mail", lead("Eva Brandt", phone=LANDLINE, **HOME), lead("Karl Vogt", phone=LANDLINE, **HOME)),
    row("one address", lead("Eva Brandt", "eva@web.de", **HOME), lead("Karl Brandt", "karl@gmx.de", **HOME)),
    row("twins", lead("Jonas Weber", "jonasw@gmx.de", "+49 1512 3917460", date_of_birth="1999-05-06", **HOME), lead("Lukas Weber", "lukas.w@web.de", "+49 1512 9876501", date_of_birth="1999-05-06", **HOME)),
    row("father and son of one name", lead("Ahmed Hassan", "ah60@gmail.com", "+20 100 123 4560", date_of_birth="1960-01-02", street="5 Nile St", city="Cairo"), lead("Ahmed Hassan", "ah91@gmail.com", "+20 111 765 4320", date_of_birth="1991-07-12", street="5 Nile St", city="Cairo")),
    row("senior and junior, one phone", lead("Frank Mills Sr.", "frank@mills.example", LANDLINE), lead("Frank Mills Jr.", "frankie@mills.example", LANDLINE)),
    row("siblings by their initials, one phone", lead("A. Weber", "aw@gmx.de", LANDLINE), lead("B. Weber", "bw@gmx.de", LANDLINE)),
    row("coworking address", lead("Nina Falk", "nina@falkdesign.example", company="Falk Design", **OFFICE), lead("Omid Rahimi", "omid@rahimi.example", company="Rahimi Soft", **OFFICE)),
    row("coworking address, one given name", lead("Nina Falk", "nina@falkdesign.example", company="Falk Design", **OFFICE), lead("Nina Rahimi", "nina@rahimi.example", company="Rahimi Soft", **OFFICE)),
    row("coworking address and reception", lead("Nina Falk", "nina@falkdesign.example", SWITCHBOARD, company="Falk Design", **OFFICE), lead("Omid Rahimi", "omid@rahimi.example", SWITCHBOARD, company="Rahimi Soft", **OFFICE)),
    row("couple, one landline and address, no mail", lead("Eva Brandt", phone=LANDLINE, **HOME), lead("Karl Brandt", phone=LANDLINE, **HOME)),
    row("twins, their parents' phone", lead("Jonas Weber", "jonasw@gmx.de", LANDLINE, date_of_birth="1999-05-06", **HOME), lead("Lukas Weber", "lukas.w@web.de", LANDLINE, date_of_birth="1999-05-06", **HOME)),
    row("senior and junior, one firm and address", lead("Frank Mills Sr.", phone=LANDLINE, company="Mills Plumbing", **HOME), lead("Frank Mills Jr.", phone=LANDLINE, company="Mills Plumbing", **HOME)),
    row("Cyrillic brother and Latin sister", lead("Иван Петров", phone=LANDLINE), lead("Maria Petrova", phone=LANDLINE)),
    row("father and a son of his middle name, one address", lead("James Robert Hart", "jrh@gmx.de", **HOME), lead("Robert Hart", "rob@web.de", **HOME)),
    row("colleagues of two scripts, one switchboard", lead("王伟", "wei@voltara.example", SWITCHBOARD, **FIRM, **OFFICE), lead("Omid Rahimi", "omid@voltara.example", SWITCHBOARD, **FIRM, **OFFICE)),
    row("twins of like names", lead("Jana Weber", "jana.weber@gmx.de", date_of_birth="1999-05-06"), lead("Dana Weber", "dana.weber@gmx.de", date_of_birth="1999-05-06")),
]


def nina_and_omid(claim, **common):
    return row(claim, lead(email="nina@falk.example") | common, lead(email="omid@rahimi.example") | common)


def one_filler(address):
    return row(address, lead("Nina Falk", address, "+49 1512 3917460"), lead("Omid Rahimi", address, "+1 212 555 0147"))


FILLERS = [
    nina_and_omid("000-000-0000", phone="000-000-0000"),
    nina_and_omid("1234567890", phone="1234567890"),
    nina_and_omid("555-555-5555", phone="555-555-5555"),
    nina_and_omid("+49 123456789", phone="+49 123456789"),
    nina_and_omid("99999 99999", phone="99999 99999", country="IN"),
    nina_and_omid("06 00 00 00 00", phone="06 00 00 00 00", country="FR"),
    nina_and_omid("n/a for a phone", phone="n/a"),
    row("two of one provider", lead(email="nina.falk@gmail.com"), lead(email="omid.rahimi@gmail.com")),
    row("two of one provider and company", lead(email="nina.falk@gmail.com", **FIRM), lead(email="omid.rahimi@gmail.com", **FIRM)),
    row("given name and company", lead(email="nina.falk@gmail.com", first_name="Nina", city="Berlin", **FIRM), lead(email="ninar@gmail.com", first_name="Nina", city="Berlin", **FIRM)),
    row("names that are numbers", lead("12345", "a1@gmail.com"), lead("67890", "b2@gmail.com")),
    row("Agent 1 and Agent 2", lead("Agent 1", "a1@gmail.com", **FIRM), lead("Agent 2", "b2@gmail.com", **FIRM)),
    row("Store 14 and Store 15", lead("Nina", "n1@a.example", company="Store 14"), lead("Nina", "n2@b.example", company="Store 15")),
    *map(one_filler, ("test@test.com", "noemail@noemail.com", "none@none.com", "asdf@asdf.com", "a@a.com", "na@na.com")),
    nina_and_omid("0171 1111111", phone="0171 1111111", country="DE"),
    nina_and_omid("06 12 34 56 78", phone="06 12 34 56 78", country="FR"),
    row("Test Test", lead("Test Test", "nina@falk.example", company="Test"), lead("Test Test", "omid@rahimi.example", company="Test")),
    *(
        row(f"John Smith of {filler}", lead("John Smith", "js1@gmail.com", company=filler), lead("John Smith", "smithj@web.de", company=filler))
        for filler in ("n/a", "none", "self-employed", "student")
    ),
]

# fmt: on

ONE_PERSON_CERTAIN = [*MAILBOXES, *TYPOS, *NUMBERS]
ONE_PERSON = [*UNPLACED, *NAMES, *LIVES, *COMPANIES]
TWO_PEOPLE = [*COLLEAGUES, *LIKE_NAMES, *HOMONYMS, *HOUSEHOLDS, *FILLERS]


@pytest.mark.parametrize(("known", "new"), ONE_PERSON_CERTAIN)
def test_one_mailbox_or_telephone_is_one_person(known, new):
    match, shared_keys = compared(known, new)

    assert shared_keys
    assert match.probability >= BLOCK


@pytest.mark.parametrize(("known", "new"), ONE_PERSON)
def test_one_person_is_found(known, new):
    match, shared_keys = compared(known, new)

    assert shared_keys
    assert match.probability >= FLAG


@pytest.mark.parametrize(("known", "new"), TWO_PEOPLE)
def test_two_people_are_not_taken_for_one(known, new):
    match, _ = compared(known, new)

    assert match.probability < FLAG


@pytest.mark.parametrize(
    ("known", "new"),
    [each.values for each in chain(ONE_PERSON_CERTAIN, ONE_PERSON, TWO_PEOPLE)],
)
def test_it_does_not_matter_who_came_first(known, new):
    match, keys = compared(known, new)
    other, other_keys = compared(new, known)

    assert match.probability == pytest.approx(other.probability)
    assert keys == other_keys


def test_a_colleague_found_by_the_relation_alone_is_never_a_duplicate(post):
    post(**lead("Lars Hansen", "lars.hansen@voltara.example", "+49 30 23125014", **FIRM))

    answer = post(**lead("Lars Jansen", "lars.jansen@voltara.example", "+49 30 23125077", **FIRM))

    assert answer["duplicate_found"] is False


def test_a_colleague_found_by_the_relation_alone_is_reported_as_one(post):
    known = post(**lead("Lars Hansen", "lars.hansen@voltara.example"))

    answer = post(**lead("Omid Rahimi", "omid@voltara.example"))

    cluster = next(c for c in answer["checks_performed"] if c["type"] == "domain_cluster")
    assert (cluster["confidence"], cluster["matched_lead_id"]) == (0.75, known["lead_id"])
    assert answer["confidence_score"] == 0


def test_a_lead_of_fillers_alone_is_taken(post):
    answers = [post(**lead("n/a", "test@test.com", "0171 1111111")) for _ in range(2)]

    assert not any(answer["duplicate_found"] for answer in answers)
    assert "suspicious_format" in answers[0]["risk_assessment"]["risk_factors"]


@pytest.mark.parametrize(("known", "new"), [each.values for each in TWO_PEOPLE])
def test_the_evidence_adds_up_to_the_probability(known, new):
    match, _ = compared(known, new)

    assert linkage.probability(sum(e.weight for e in match.evidence)) == match.probability
    assert all(model.WEIGHTS[e.comparison][e.level].weight == e.weight for e in match.evidence)


# Risk

WHOLE = lead("Nina Falk", "nina@falk.example", LANDLINE, company="Falk Design")


@pytest.mark.parametrize(
    ("given", "level", "action"),
    [
        (lead(email="nina.falk@gmail.com"), "low", "allow_processing"),
        (WHOLE | {"email": "nina.falk@gmail.com"}, "low", "allow_processing"),
        (lead(phone=LANDLINE), "low", "allow_processing"),
        (lead(email="nina@falk.example"), "low", "allow_processing"),
        (lead(email="nf@mailinator.com"), "medium", "allow_processing"),
        (WHOLE | {"email": "nf@mailinator.com"}, "medium", "allow_processing"),
        (
            WHOLE | {"email": "nf@mailinator.com", "phone": "000-000-0000"},
            "high",
            "flag_for_review",
        ),
        (WHOLE | {"email": "not-an-email"}, "high", "flag_for_review"),
        (WHOLE | {"phone": "1-800-FLOWERS"}, "low", "allow_processing"),
    ],
)
def test_the_level_of_risk_follows_from_what_the_lead_says(post, given, level, action):
    answer = post(**given)

    assert (answer["risk_level"], answer["action_taken"]) == (level, action)
    assert answer["duplicate_found"] is False


@pytest.mark.parametrize(
    "name",
    [
        "NINA FALK", "nina falk", "Nina 🌻 Falk", "Madonna", "Ng", "O", "สมชาย ใจดี", "محمد علي", "王伟", "李娜", "김민수", "Nguyễn", "𝓝𝓲𝓷𝓪 𝓕𝓪𝓵𝓴", "Anna Testa", "Piero Testa",
        *(pytest.param(name) for name in ("Na Li", "Ofer Bar", "Chin Foo", "Jennifer Null", "Sarah Test", "John Sample")),
    ],
)  # fmt: skip
def test_a_name_of_another_culture_or_style_is_not_suspicious(post, name):
    answer = post(**WHOLE | {"name": name})

    assert answer["risk_assessment"]["risk_factors"] == {}


@pytest.mark.parametrize(
    "company",
    [
        "SAP", "3M", "7-Eleven", "株式会社トヨタ", "Testa Motors", "Contest Media",
        *(pytest.param(name) for name in ("Test Equity Partners", "Foo Fighters Ltd", "Ohio Bar Association", "ABC News", "Anonymous Content", "Blood Test Centre", "Na Hoku")),
        *(pytest.param(name) for name in ("1&1", "360")),
    ],
)  # fmt: skip
def test_a_company_with_an_odd_word_in_its_name_is_not_suspicious(post, company):
    answer = post(**WHOLE | {"company": company})

    assert answer["risk_assessment"]["risk_factors"] == {}


@pytest.mark.parametrize("filler", ["Test", "test test", "asdf", "Foo Bar", "12345", "xxx"])
def test_a_name_typed_to_get_past_the_form_is_suspicious(post, filler):
    answer = post(**WHOLE | {"name": filler})

    assert "suspicious_format" in answer["risk_assessment"]["risk_factors"]


def test_a_filled_honeypot_is_turned_away_as_spam(post):
    answer = post(context={"honeypot": "x"}, **WHOLE)

    assert answer["blocking_reason"] == "form_spam"


def test_the_eleventh_lead_of_a_minute_and_address_is_turned_away(post):
    answers = [
        post(
            context={"ip": "203.0.113.9", "submitted_at": f"2026-01-05T10:00:{second:02}Z"},
            **lead(email=f"{name}@firm-{name}.example", company=f"{name} Ltd", phone=f"+49 30 2312{5000 + 37 * second}"),
        )
        for second, name in enumerate(["ash", "birch", "cole", "dorn", "elm", "frey", "gold", "holt", "irwin", "joss", "kay"])
    ]  # fmt: skip

    assert {answer["action_taken"] for answer in answers[:10]} == {"allow_processing"}
    assert answers[10]["blocking_reason"] == "velocity_limit"


# What a stranger may send


def test_one_faulty_item_of_a_batch_never_fails_the_rest(client, user_id):
    leads = [
        {"lead_data": {"email": "b1@y1.example"}},
        {"lead_data": {}},
        7,
        [],
        {"email": "b2@y2.example"},
    ]

    results = client.post(f"{PATH}/batch", json={"user_id": user_id, "leads": leads}).json[
        "results"
    ]

    assert [result["success"] for result in results] == [True, False, False, False, True]


@pytest.mark.parametrize(
    "faulty",
    [
        pytest.param(None, id="null"), pytest.param({"lead_data": {"email": "a@b.example", "name": "a\0b"}}, id="NUL"),
        pytest.param({"lead_data": {"email": "a@b.example"}, "context": {"submitted_at": "0001-01-01T00:00:00Z", "ip": "::1"}}, id="year 1"),
    ],
)  # fmt: skip
def test_an_unreadable_item_of_a_batch_never_fails_the_rest(client, user_id, faulty):
    leads = [faulty, {"lead_data": {"email": "b2@y2.example"}}]

    answer = client.post(f"{PATH}/batch", json={"user_id": user_id, "leads": leads}).json

    assert answer["success"] is True
    assert answer["results"][1]["success"] is True


def test_a_batch_answers_in_the_order_sent_across_its_transactions(client, user_id):
    firsts = [{"lead_data": {"email": f"d@order{i}.example"}} for i in range(150)]
    seconds = [{"lead_data": {"email": f"D@order{i}.example"}} for i in range(150)]

    results = client.post(
        f"{PATH}/batch", json={"user_id": user_id, "leads": firsts + seconds[::-1]}
    ).json["results"]

    known, new = results[:150], results[150:][::-1]
    assert [each["lead_id"] for each in known] == [each["duplicate_of"] for each in new]


def test_a_lead_of_an_impossible_time_does_not_block_the_leads_after_it(client, user_id):
    def send(**context):
        body = {"user_id": user_id, "lead_data": {"email": "n@falk.example"}, "context": context}
        return client.post(PATH, json=body).status_code

    send(submitted_at="0001-01-01T00:00:00+14:00")

    assert send() == 200


@pytest.mark.parametrize("ip", ["203.0.113.5:443", "203.0.113.5, 10.0.0.1", "unknown"])
def test_an_unreadable_address_of_the_visitor_does_not_lose_the_lead(post, ip):
    assert post(context={"ip": ip}, **WHOLE)["success"] is True


def test_an_address_that_came_over_ipv6_is_the_same_address(client, post, user_id):
    rule = {"keys": ["ip"], "within_days": 1}
    put = client.put("/api/v1/lead-discovery/terms", json={"user_id": user_id, "lookback": [rule]})
    post(context={"ip": "203.0.113.5"}, **WHOLE)

    again = post(context={"ip": "::ffff:203.0.113.5"}, email="n@falk.example")

    assert (put.status_code, again["blocking_reason"]) == (200, "within_lookback")


# Consent

ZEBULON = lead(
    "", "zebulon.quix@zebra.example", "+49 30 98761512", first_name="Zebulon", last_name="Quixwort",
    street="Zebraweg 7", message="call zebulon", date_of_birth="1971-02-03",
)  # fmt: skip


@pytest.fixture
def strict(server):
    app = leadfly.app.create_app(
        settings.load({"LEADFLY_HOME": str(server.home), "PRIVACY_MODE": "gdpr_strict"})
    )
    yield app.test_client()
    app.extensions["leadfly"].database.close()


@pytest.fixture
def stored(owner_conninfo, user_id):
    """Return every row of every table that belongs to the test's tenant, as text."""

    def stored():
        with psycopg.connect(owner_conninfo) as conn:
            tables = conn.execute(
                "SELECT table_schema, table_name FROM information_schema.columns"
                " WHERE column_name = 'tenant_id' AND table_schema IN ('public', 'dedup')"
            ).fetchall()
            rows = []
            for table in tables:
                each = sql.SQL("SELECT t::text FROM {} AS t WHERE tenant_id = %s").format(
                    sql.Identifier(*table)
                )
                rows += [text.replace(user_id, "") for (text,) in conn.execute(each, [user_id])]
        return rows

    return stored


@pytest.mark.parametrize("consent", [None, {"purposes": ["marketing"]}])
def test_without_consent_nothing_is_stored_and_the_field_is_named(strict, stored, user_id, consent):
    response = strict.post(
        PATH, json={"user_id": user_id, "lead_data": ZEBULON, "consent": consent}
    )

    assert response.status_code == 403
    assert "consent.purposes" in response.json["error"]["details"]
    assert stored() == []


def test_with_consent_nothing_that_reaches_the_person_stands_in_clear(strict, stored, user_id):
    response = strict.post(
        PATH,
        json={
            "user_id": user_id,
            "lead_data": ZEBULON,
            "context": {"ip": "203.0.113.77", "user_agent": "Zebragent"},
            "consent": {"purposes": ["contact"], "text_version": "v1"},
        },
    )

    assert response.status_code == 200
    everything = " ".join(stored()).lower()
    secrets = ("zebulon", "quix", "98761512", "203.0.113.77", "zebraweg", "1971-02-03", "zebragent")
    assert [secret for secret in secrets if secret in everything] == []


def test_the_proof_of_a_consent_is_sealed(strict, stored, user_id):
    proof = "Ticked by Zebulon Quixwort from 203.0.113.77"
    strict.post(
        PATH,
        json={"user_id": user_id, "lead_data": ZEBULON, "consent": {"purposes": ["contact"], "proof": proof}},
    )  # fmt: skip

    assert not any("Zebulon" in text for text in stored())


def test_a_consent_of_the_future_is_refused(strict, user_id):
    consent = {"purposes": ["contact"], "given_at": "2099-01-01T00:00:00Z"}

    response = strict.post(
        PATH, json={"user_id": user_id, "lead_data": ZEBULON, "consent": consent}
    )

    assert response.status_code == 400
