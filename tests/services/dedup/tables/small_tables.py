"""Small tables as people have them, written by hand; each row's first word says which thing it is.

A table is its headings and its rows, cells apart by `|`. Rows with one letter are one thing, rows
with `-` are nothing's duplicate.
"""

from typing import NamedTuple


class Small(NamedTuple):
    """One table and its truth."""

    columns: list[str]
    rows: list[list[str | None]]
    clusters: tuple[tuple[int, ...], ...]
    """Rows that are one thing, by position."""


def small(text):
    """Return the table that *text* draws."""
    header, *lines = [line.strip() for line in text.strip().splitlines()]
    cells = [[cell.strip() or None for cell in line.split("|")] for line in lines]
    names = [row[0] for row in cells]
    clusters = [
        tuple(place for place, each in enumerate(names) if each == name)
        for name in dict.fromkeys(names)
        if name != "-"
    ]
    columns = [name.strip() for name in header.split("|")][1:]
    return Small(columns, [row[1:] for row in cells], tuple(clusters))


NEIGHBOURS = """
 | name           | address       | city
-| Olive Marsden  | 12 Mill Lane  | Otley
-| Bernard Tully  | 14 Mill Lane  | Otley
-| Priya Raman    | 21 Mill Lane  | Otley
-| Hugo Lindgren  | 3 Mill Lane   | Otley
"""

ONE_HOUSE = """
 | first_name | last_name | street         | postcode | city
-| Olive      | Marsden   | 8 Abbey Court  | LS21 1AA | Otley
-| Bernard    | Tully     | 8 Abbey Court  | LS21 1AA | Otley
-| Priya      | Raman     | 8 Abbey Court  | LS21 1AA | Otley
-| Hugo       | Lindgren  | 8 Abbey Court  | LS21 1AA | Otley
-| Teresa     | Quill     | 8 Abbey Court  | LS21 1AA | Otley
"""

FAMILY = """
 | first_name | surname   | dob        | street        | phone
-| Thomas     | Pemberton | 1971-03-04 | 7 Abbey Road  | 0113 496 0123
-| Susan      | Pemberton | 1974-08-19 | 7 Abbey Road  | 0113 496 0123
-| Oliver     | Pemberton | 2003-11-30 | 7 Abbey Road  | 0113 496 0123
-| Freya      | Pemberton | 2006-05-12 | 7 Abbey Road  | 0113 496 0123
-| Amit       | Chaudhry  | 1988-01-09 | 31 Station Rd | 0113 496 0777
"""

MEMBERS = """
 | first_name | surname  | dob        | email                      | city
a| Adah       | Winslow  | 1964-02-11 | adah.winslow@mail.example  | York
a| Ada        | Winslow  | 1964-02-11 | adah.winslow@mail.example  | York
-| Joseph     | Okafor   | 1990-07-23 | j.okafor@mail.example      | York
-| Maria      | Silva    | 1985-12-02 | maria.s@post.example       | Leeds
-| Mark       | Winslow  | 1966-09-30 | mark@winslow.example       | York
"""

RESTAURANTS = """
 | venue                 | address               | city    | phone         | type
a| The Tillerman         | 225 Flamingo Road     | Norwick | 702-555-0136  | seafood
a| Tillerman             | 2245 E. Flamingo Rd.  | Norwick | 702/555-0136  | fish
b| Arturo's Delicatessen | 12224 Ventura Blvd.   | Elmhurst| 818-555-0121  | delis
b| Arturos Deli          | 12224 Ventura Boulevard | Elmhurst | 818/555 0121 | american
-| Cafe Roswitha         | 12 Ventura Blvd.      | Elmhurst| 818-555-0188  | german
-| Golden Carp           | 9001 Harbour Street   | Norwick | 702-555-0190  | chinese
"""

BRANCHES = """
 | restaurant      | street              | city    | postcode | phone
-| Bella Pasta     | 4 Bridge Street     | Derby   | DE1 3AA  | 01332 496001
-| Bella Pasta     | 77 Castle Road      | Derby   | DE3 0AB  | 01332 496544
-| Bella Pasta     | 19 Quay Side        | Hull    | HU1 2BB  | 01482 496310
-| The Corn Loft   | 5 Bridge Street     | Derby   | DE1 3AA  | 01332 496012
-| Saffron Garden  | 80 Castle Road      | Derby   | DE3 0AB  | 01332 496870
"""

PRODUCTS = """
 | title                                   | brand   | price
-| Trailhead hiking boot brown size 42     | Norrund | 129.00
-| Trailhead hiking boot brown size 43     | Norrund | 129.00
-| Trailhead hiking sock grey              | Norrund | 14.50
a| Kestrel 20 litre daypack blue           | Kestrel | 64.90
a| Kestrel daypack 20 litre, blue          | Kestrel | 64.90
-| Kestrel 40 litre trekking pack green    | Kestrel | 119.90
-| Storm shell jacket women black          | Fjellra | 199.00
-| Ember camping stove                     | Fjellra | 39.00
"""

OFFICES = """
 | company                | street               | city       | phone
a| Harbour Tools Ltd      | 4 Dock Road Suite 1  | Liverpool  | 0151 496 0001
a| Harbour Tools Limited  | 4 Dock Rd            | Liverpool  | 0151 4960001
-| Castell Accountancy    | 4 Dock Road Suite 3  | Liverpool  | 0151 496 0433
-| Blue Fox Media         | 4 Dock Road Suite 7  | Liverpool  | 0151 496 0871
-| Wirral Marine Survey   | 4 Dock Road Suite 9  | Liverpool  | 0151 496 0215
-| Greenline Couriers     | 61 Dock Road         | Liverpool  | 0151 496 0999
"""

HOUSES = """
 | street            | town      | postcode
a| 12 Mill Lane      | Otley     | LS21 3BA
a| 12 Mill Ln        | Otley     | LS21 3BA
-| 14 Mill Lane      | Otley     | LS21 3BA
-| 16 Mill Lane      | Otley     | LS21 3BA
-| 12 Station Road   | Otley     | LS21 2HX
-| 3 Church Street   | Ilkley    | LS29 9DR
-| 5 Church Street   | Ilkley    | LS29 9DR
-| 12 Mill Lane      | Ripon     | HG4 1AB
"""

COLLEAGUES = """
 | first_name | last_name | email                     | company        | phone
a| Ingrid     | Sandvik   | i.sandvik@corvid.example  | Corvid Systems | 020 7946 0100
a| Ingrid     | Sandvick  | i.sandvik@corvid.example  | Corvid Systems |
-| Paul       | Adeyemi   | p.adeyemi@corvid.example  | Corvid Systems | 020 7946 0100
-| Renata     | Kowal     | r.kowal@corvid.example    | Corvid Systems | 020 7946 0100
-| Dev        | Mistry    | d.mistry@corvid.example   | Corvid Systems | 020 7946 0100
-| Helen      | Frost     | helen@frostandco.example  | Frost and Co   | 020 7946 0555
-| Luis       | Ferrer    | luis@ferrer.example       | Ferrer Design  | 020 7946 0312
"""

CLINIC = """
 | doctor             | practice         | address          | phone
-| Dr Nora Whitlock   | Riverside Clinic | 40 Weir Street   | 0161 496 0300
-| Dr Samuel Okonjo   | Riverside Clinic | 40 Weir Street   | 0161 496 0300
-| Dr Beatriz Campos  | Riverside Clinic | 40 Weir Street   | 0161 496 0300
-| Dr Alan Pryce      | Riverside Clinic | 40 Weir Street   | 0161 496 0300
"""

TWICE = """
 | name          | street          | city
a| Wren Hallam   | 9 Oak Road      | Hull
a| Wren Hallam   | 9 Oak Road      | Hull
-| Piotr Nowicki | 52 Elm Court    | Bath
"""

THREE_ON_A_STREET = """
 | name           | street        | city  | postcode
-| Olive Marsden  | 12 Mill Lane  | Otley | LS21 3BA
-| Bernard Tully  | 14 Mill Lane  | Otley | LS21 3BA
-| Priya Raman    | 16 Mill Lane  | Otley | LS21 3BA
"""

BOOKS = """
 | title                              | author          | year
-| A History of the Fens, Volume 1    | Margaret Rowe   | 1998
-| A History of the Fens, Volume 2    | Margaret Rowe   | 2001
a| The Lighthouse Keeper's Almanac    | Edwin Stroud    | 1974
a| Lighthouse Keepers Almanac         | Stroud, Edwin   | 1974
-| Salt and Iron                      | Edwin Stroud    | 1981
-| Small Boats                        | Petra Lang      | 1974
"""

SCHOOLS = """
 | school                     | street          | town      | postcode | phone
-| St Mary's Primary School   | Church Lane     | Otley     | LS21 1AA | 01943 496001
-| St Mary's Primary School   | Hill Road       | Ripon     | HG4 2AB  | 01765 496022
-| St Mary's Primary School   | Priory Street   | Selby     | YO8 4CD  | 01757 496910
a| Westbrook Primary School   | Westbrook Lane  | Ilkley    | LS29 8AA | 01943 496333
a| Westbrook Primary          | Westbrook Ln    | Ilkley    | LS29 8AA | 01943 496333
-| Ilkley High School         | Cowpasture Road | Ilkley    | LS29 8TR | 01943 496345
-| Otley Infants School       | Church Lane     | Otley     | LS21 1AB | 01943 496017
-| Ripon Grammar School       | Clothier Road   | Ripon     | HG4 2AC  | 01765 496300
-| Selby High School          | Leeds Road      | Selby     | YO8 4HT  | 01757 496123
"""

DONORS = """
 | first_name | last_name | email                      | street             | city   | phone
-| Agnes      | Barlow    | agnes.barlow@mail.example  | 3 Oak Road         | Leeds  | 0113 496 0001
-| Bruno      | Castell   | bruno@castell.example      | 14 Elm Court       | Leeds  | 0113 496 0102
-| Clara      | Dunmore   | cdunmore@post.example      | 9 Kirkgate         | York   | 01904 496203
-| Dmitri     | Egorov    | d.egorov@mail.example      | 51 Dock Street     | Hull   | 01482 496304
-| Edith      | Farrow    |                            | 2 Mill Lane        | Otley  | 01943 496405
-| Farid      | Ganji     | farid.g@mail.example       | 2 Mill Lane        | Otley  | 01943 496506
a| Gwen       | Hartley   | gwen.hartley@mail.example  | 18 Abbey Road      | Leeds  | 0113 496 0607
-| Hamish     | Innes     | hamish@innes.example       | 6 Quay Side        | Hull   | 01482 496708
-| Iris       | Jowett    | iris.jowett@post.example   | 71 Station Road    | York   |
-| Jonas      | Keller    | jonas.keller@mail.example  | 30 Church Street   | Ilkley | 01943 496910
-| Kirsten    | Lund      | klund@mail.example         | 30 Church Street   | Ilkley | 01943 496910
-| Lorenzo    | Moretti   | l.moretti@post.example     | 8 Bridge Street    | Derby  | 01332 496011
b| Maureen    | Nesbit    |                            | 44 Castle Road     | Derby  | 01332 496112
-| Niamh      | O'Hara    | niamh@ohara.example        | 12 Castle Road     | Derby  | 01332 496213
-| Oscar      | Penrose   | oscar.penrose@mail.example | 5 Weir Street      | Bath   | 01225 496314
-| Paula      | Quintero  | paulaq@mail.example        | 27 Hill Road       | Ripon  | 01765 496415
-| Quentin    | Reyes     | q.reyes@post.example       | 40 Hill Road       | Ripon  | 01765 496516
-| Rosa       | Stannard  | rosa.stannard@mail.example | 1 Priory Street    | Selby  | 01757 496617
-| Stefan     | Tolley    | stefan@tolley.example      | 99 Leeds Road      | Selby  | 01757 496718
-| Tamsin     | Underhill | tamsin.u@mail.example      | 13 Harbour Street  | Hull   | 01482 496819
c| Ulrich     | Vogel     | ulrich.vogel@mail.example  | 63 Elm Court       | Leeds  | 0113 496 0920
-| Vera       | Whitfield | vera.w@post.example        | 20 Oak Road        | Leeds  | 0113 496 0021
-| Walter     | Yeadon    |                            | 21 Oak Road        | Leeds  | 0113 496 0122
-| Xenia      | Zander    | xenia@zander.example       | 36 Kirkgate        | York   | 01904 496223
-| Yusuf      | Aydin     | yusuf.aydin@mail.example   | 37 Kirkgate        | York   | 01904 496324
-| Zoe        | Bramwell  | zoe.bramwell@mail.example  | 58 Dock Street     | Hull   | 01482 496425
a| Gwendolyn  | Hartley   | gwen.hartley@mail.example  | 18 Abbey Rd        | Leeds  |
-| Colin      | Barlow    |                            | 3 Oak Road         | Leeds  | 0113 496 0001
b| Maureen    | Nesbitt   | m.nesbitt@mail.example     | 44 Castle Rd       | Derby  | 01332 496112
-| Edward     | Farrow    |                            | 80 Mill Lane       | Otley  | 01943 496831
c| Ulrich     | Vogel     | ulrich.vogel@mail.example  | 7 Quay Side        | Hull   | 0113 496 0920
-| Hannah     | Innes     | hannah@innes.example       | 6 Quay Side        | Hull   | 01482 496708
-| Marco      | Moretti   | marco@moretti.example      | 90 Bridge Street   | Derby  | 01332 496733
-| Anna       | Keller    | anna.keller@post.example   | 12 Bridge Street   | Derby  | 01332 496634
-| Tom        | Penrose   | tom.penrose@mail.example   | 77 Weir Street     | Bath   | 01225 496535
-| Ruth       | Stannard  | ruth.stannard@post.example | 19 Priory Street   | Selby  | 01757 496436
-| Karl       | Lund      | karl.lund@post.example     | 4 Abbey Court      | York   | 01904 496337
-| Leah       | Reyes     | leah.reyes@mail.example    | 15 Hill Road       | Ripon  | 01765 496238
-| Simon      | Tolley    | simon.tolley@mail.example  | 30 Leeds Road      | Selby  | 01757 496139
-| Ivy        | Jowett    | ivy.jowett@mail.example    | 2 Station Road     | York   | 01904 496040
"""

TABLES = {
    "neighbours of one street": NEIGHBOURS,
    "strangers of one house": ONE_HOUSE,
    "a family": FAMILY,
    "members": MEMBERS,
    "restaurants": RESTAURANTS,
    "branches of a chain": BRANCHES,
    "products": PRODUCTS,
    "offices of one house": OFFICES,
    "houses": HOUSES,
    "colleagues": COLLEAGUES,
    "doctors of a clinic": CLINIC,
    "one row twice": TWICE,
    "three on a street": THREE_ON_A_STREET,
    "books": BOOKS,
    "schools": SCHOOLS,
    "forty donors": DONORS,
}
"""On these the shares of `expected` were looked at."""
