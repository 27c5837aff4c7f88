"""Further small tables, in the form of `small_tables`, at which nothing was looked before."""

HOTELS = """
 | hotel                   | address             | town     | telephone
a| The Anchor Inn          | 2 Harbour Street    | Whitby   | 01947 496010
a| Anchor Inn              | 2 Harbour St.       | Whitby   | (01947) 496010
-| Seaview Guest House     | 4 Harbour Street    | Whitby   | 01947 496044
-| Seaview Hotel           | 90 Cliff Road       | Filey    | 01723 496044
-| The Anchor              | 17 Market Place     | Malton   | 01653 496400
"""

CHARITIES = """
 | charity                          | registration_no | town
-| Friends of Otley Library         | 1100231         | Otley
-| Friends of Otley Museum          | 1100778         | Otley
a| Wharfedale Mountain Rescue       | 1102003         | Ilkley
a| Wharfedale Mountain Rescue Team  | 1102003         | Ilkley
-| Ilkley Food Bank                 | 1104410         | Ilkley
-| Otley Food Bank                  | 1104999         | Otley
"""

STAFF = """
 | given_name | family_name | date_of_birth | job          | office
-| Amelia     | Stone       | 1990-04-02    | engineer     | Leeds
-| Amelia     | Storey      | 1979-10-21    | engineer     | Leeds
-| Rafael     | Ibarra      | 1983-06-15    | engineer     | Leeds
a| Katherine  | Wexley      | 1969-12-09    | accountant   | Hull
a| Catherine  | Wexley      | 1969-12-09    | accounts     | Hull
-| Joy        | Adebayo     | 1995-02-27    | designer     | Leeds
-| Liam       | Stone       | 1992-08-30    | designer     | Leeds
"""

WINES = """
 | wine                            | producer        | year | price
-| Old Vine Red Reserve            | Casa Bralet     | 2016 | 14.90
-| Old Vine Red Reserve            | Casa Bralet     | 2019 | 13.50
a| Hillside Riesling Dry           | Weingut Tannert | 2020 | 11.20
a| Tannert Hillside Riesling, dry  | Weingut Tannert | 2020 | 11.20
-| Hillside Pinot Noir             | Weingut Tannert | 2020 | 16.00
-| Rosado                          | Casa Bralet     | 2021 | 9.90
-| Sparkling Brut                  | Maison Corviel  | 2018 | 24.00
"""

SHOPS = """
 | shop               | street          | city    | postcode
-| Baxter Shoes       | 21 High Street  | Ludlow  | SY8 1AA
-| Candle Corner      | 23 High Street  | Ludlow  | SY8 1AA
-| Ludlow Books       | 25 High Street  | Ludlow  | SY8 1AA
-| The Bread Oven     | 27 High Street  | Ludlow  | SY8 1AB
-| Walton and Sons    | 29 High Street  | Ludlow  | SY8 1AB
-| Yarn Barn          | 21a High Street | Ludlow  | SY8 1AA
"""

SUPPLIERS = """
 | supplier              | vat_no       | email                     | city
a| Norrund Textiles AB   | SE5560001234 | order@norrund.example     | Boras
a| Norrund Textil        | SE5560001234 | info@norrund.example      | Boras
-| Boras Zippers AB      | SE5560007766 | info@boraszip.example     | Boras
-| Fjellra Sport AS      | NO998877665  | post@fjellra.example      | Bergen
-| Bergen Rope Works     | NO911223344  | post@rope.example         | Bergen
-| Corviel Buttons       |              | contact@corviel.example   | Lyon
-| Corviel Laces         |              | hello@laces.example       | Lyon
"""

PATIENTS = """
 | first_name | last_name  | dob        | street            | town
-| Elsie      | Thornton   | 1938-01-17 | Fernlea Care Home | Keighley
-| Harold     | Thornton   | 1935-05-05 | Fernlea Care Home | Keighley
-| Elsie      | Braithwaite| 1941-09-28 | Fernlea Care Home | Keighley
a| Doris      | Sugden     | 1929-11-11 | Fernlea Care Home | Keighley
a| Doris      | Sugdon     | 1929-11-11 | Fernlea           | Keighley
"""

AFTERWARDS = {
    "hotels": HOTELS,
    "charities": CHARITIES,
    "staff": STAFF,
    "wines": WINES,
    "shops of a street": SHOPS,
    "suppliers": SUPPLIERS,
    "a care home": PATIENTS,
}
"""These were run once those shares had been settled."""

COUPLE = """
 | name            | email                    | phone         | address
-| Gareth Pugh     | pugh.family@mail.example | 01633 496001  | 5 Castle Row
-| Sian Pugh       | pugh.family@mail.example | 01633 496001  | 5 Castle Row
-| Mei Tan         | mei.tan@mail.example     | 01633 496777  | 8 Dock Street
"""
"""Two people whose names stand in one column of a list of three: taken for one."""
