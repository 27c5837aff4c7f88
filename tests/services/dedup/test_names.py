"""Whole names: which spellings are of one person, and which of two."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dedup import model
from services.dedup.mailbox_names import made_of_the_name, mailbox
from services.dedup.names import name
from services.dedup.record import Record, read


def record(first: str, last: str = "", email: str = "") -> Record:
    """Return the record of a lead with this name; a whole name where there is no last one."""
    parts = {"first_name": first, "last_name": last} if last else {"name": first}
    return read({**parts, "email": email}).record


ONE = (
    (("עומר", "דהן"), ("Omer", "Dahan")),
    (("יוסי אדרי",), ("Yosef", "Edri")),
    (("هند الحربي",), ("Hind", "Alharbi")),
    (("आदित्य चटर्जी",), ("Adithya", "Chatterji")),
    (("ชนิดา", "ชัยมงคล"), ("Chanida", "Chaimongkhon")),
    (("内北浩",), ("Uchikita Hiroshi",)),
    (("隆", "西沢"), ("Takasi", "Nishisawa")),
    (("조아윤",), ("Ah Yoon Cho",)),
    (("Su Ming-hui",), ("So Ming Hui",)),
    (("Kabongo Mutombo Jean-Claude",), ("Jean-Claude", "Kabongo")),
    (("El Hadj Bakary Diabaté",), ("Bakari", "Diabate")),
    (("Gurbanguly", "Hydyrow"), ("Kurbanguly", "Khydyrov")),
    (("Françoise", "Courvile"), ("Françoise", "Courville-Rocheselle")),
    (("Ren&eacute;e", "O&#39;Brien"), ("Renée", "O'Brien")),
    (("Xosé", "Outeiro"), ("José", "Outeiro")),
    (("Shin Sung-sook",), ("신성숙",)),
    (("Gwon Ki-jun",), ("기준", "권")),
    (("Suhjeong", "Shin"), ("Seo-jung", "Shin")),
    (("Lee Jungmin",), ("Jeongmin", "Rhee")),
    (("Chi Kit", "Cheng"), ("志杰", "郑")),
    (("Yongkong", "Lui"), ("Lu Yung-kang",)),
    (("Mayumi", "Uchino"), ("真由美", "内野")),
    (("Isikawa Takasi",), ("石川隆",)),
    (("Al-Ghamdi", "Omar"), ("Omar Al-Ghamdi",)),
    (("Tina", "Santos"), ("Maria Cristina", "Santos")),
    (("Pepelu", "Landa"), ("José Luis", "Landa")),
    (("Jordan", "Todorov"), ("Yordan", "Todorov")),
    (("Милица", "Николић"), ("Milica", "Nikolić")),
    (("Oxana", "Goncharenko"), ("Oksana", "Honcharenko")),
    (("Szabó Sándor",), ("Sándor", "Szabó")),
    (("承", "謝"), ("承傑", "謝")),
    (("由美", "高橋"), ("由美子", "高橋")),
    (("خ.", "العتيبي"), ("خالد", "العتيبي")),
    (("Ш.", "Иванов"), ("Шамиль", "Иванов")),
    (("Na-rni", "Jo"), ("Na-mi", "Jo")),
    (("Sun Hce", "Kwon"), ("Sun Hee", "Kwon")),
    (("Umar", "Alaoui"), ("Omar", "El Alaoui")),
    (("Alexander", "Xucishvili"), ("Aleksandre", "Khutsishvili")),
    (("Joanna", "Aggelopoulou"), ("Ioanna", "Angelopoulou")),
    (("Đurđa", "Petrović"), ("Ђурђа", "Петровић")),
    (("王梅思",), ("Mei-szu", "Wang")),
    (("冠如", "呂"), ("Kuan-ju", "Lu")),
    (("Sun-young", "Pak"), ("박선영",)),
    (("Suzuki Kenniti",), ("健一", "鈴木")),
    (("अंजलि", "कुमार"), ("Anjali", "Kumar")),
    (("Stebbi", "Jónsson"), ("Stefán", "Jónsson")),
    (("Puan Puteri", "Ong"), ("Puteri", "Ong")),
    (("さくら 田中",), ("Sakura", "Tanaka")),
    (("يوسف حداد",), ("Yusuf", "Haddad")),
    (("خديجة مراد",), ("Khadijah", "Murad")),
    (("مروان حداد",), ("Marouane", "Haddad")),
    (("João", "da Silva"), ("João", "Silva")),
    (("Jan van der Berg",), ("J. v.d. Berg",)),
    (("Heuvel, Pieter van den",), ("Pieter van den Heuvel",)),
    (("Nurul Aisyah binti Hassan",), ("Nurul Aisyah Hassan",)),
    (("R. Suresh",), ("Suresh Raman",)),
    (("J.-P. Delacroix",), ("Jean-Pierre Delacroix",)),
    (("Kevin Lin Chih Hao",), ("Lin Chih-Hao",)),
    (("Iñaki", "Etxeberria"), ("Iñaki", "Echeverría")),
    (("Ѓорѓи", "Стојановски"), ("Gjorgji", "Stojanovski")),
    (("ফারজানা", "সাহা"), ("Farzana", "Saha")),
    (("Jin Tae Bang",), ("방진태",)),
    (("Ma. Cristina delos Santos",), ("Maria Cristina De Los Santos",)),
)


@pytest.mark.parametrize(("a", "b"), ONE)
def test_one_name_in_two_spellings_is_one(a: tuple[str, ...], b: tuple[str, ...]) -> None:
    assert name(record(*a), record(*b)) in model.ONE_NAME


TWO = (
    (("Marie-Ève", "Tremblay"), ("Marie-Claude", "Tremblay")),
    (("Tenzin", "Dolma"), ("Tenzin", "Choedon")),
    (("Solyvári Dániel",), ("Solyvári Anna",)),
    (("Ah Jung", "Yang"), ("Hee-ah", "Yang")),
    (("Man", "Wong"), ("丽佳", "王")),
    (("李勇宇",), ("Yen-yi", "Li")),
    (("Ariel", "Hadad"), ("יעל", "חדד")),
    (("محمود مراد",), ("Muhammad", "Murad")),
    (("سليم حداد",), ("Salam", "Haddad")),
    (("عبد الله الشريف",), ("عبد الرحمن الشريف",)),
    (("Abdul Aziz", "Rahimi"), ("Abdul Karim", "Rahimi")),
    (("三浦 誠",), ("三浦 亮",)),
    (("小泉 優子",), ("小泉 裕子",)),
    (("Lan", "Mai"), ("Bảo", "Mai")),
    (("Min-hyun Lee",), ("이민영",)),
    (("Man-kong", "Ma"), ("Man-yee", "Ma")),
    (("家军", "曾"), ("Leihua Tseng",)),
    (("近藤裕子",), ("加藤裕子",)),
    (("Ahmed El-Bakri",), ("محمد البكري",)),
    (("Szabó Sándor",), ("Szabó Erzsébet",)),
    (("Phan Quốc Dũng",), ("Phan Gia Phương",)),
    (("James", "Roberts"), ("John James", "Roberts")),
    (("Wai-yan", "Cheng"), ("Wing-keung", "Cheng")),
    (("佐藤恵子",), ("Yuichi Sato",)),
    (("Kevin", "Smith"), ("Karen", "Smith")),
    (("Muhammad Amir", "Wong"), ("Mohd Hafiz", "Wong")),
    (("Maria Laura", "Lima"), ("Maria de Fátima", "Lima")),
    (("Văn Minh", "Phan"), ("Văn Long", "Phan")),
    (("Juan Serrano Sánchez",), ("Juan González Sánchez",)),
    (("Ana", "Machado Silva"), ("Ana", "Silva Silva")),
    (("Angelica", "dela Cruz"), ("Angelo", "dela Cruz")),
    (("Hanne", "Rasmussen"), ("Anne", "Rasmussen")),
    (("विवेक", "कुमार"), ("Kavitha", "Kumar")),
    (("শারমিন", "আক্তার"), ("Tasnim", "Akter")),
    (("小林洋子",), ("小林陽子",)),
    (("Ismail", "Lee"), ("Hui Min", "Lee")),
    (("Nagy János",), ("Nagy Jánosné",)),
    (("P.", "Horáková"), ("Pavel", "Horák")),
    (("Muhammad", "Osman"), ("Mohd", "Ismail")),
    (("Yeon Young", "Park"), ("Yoon Soo", "Pak")),
    (("W. A. D. Perera",), ("Nimal Perera",)),
)


@pytest.mark.parametrize(("a", "b"), TWO)
def test_two_people_are_not_of_one_name(a: tuple[str, ...], b: tuple[str, ...]) -> None:
    assert name(record(*a), record(*b)) not in model.ONE_NAME


def test_an_english_name_beside_a_chinese_one_is_a_doubt() -> None:
    assert name(record("Grace", "Chen"), record("Chun-ting", "Chen")) == "english_name"
    assert name(record("Amy", "Lee"), record("I-hua", "Lee")) == "english_name"
    assert name(record("Jason", "Cheung"), record("Sze-man", "Cheung")) == "english_name"


def test_two_listed_names_of_one_root_a_letter_apart_are_no_typing_error() -> None:
    assert name(record("Anna", "Berg"), record("Anne", "Berg")) == "one_letter_apart"
    assert name(record("Sergey", "Ivanov"), record("Sergei", "Ivanov")) == "nickname"
    assert name(record("Lena", "Ivanova"), record("Elena", "Ivanova")) == "nickname"


def test_an_initial_says_more_beside_a_rare_family_name() -> None:
    assert name(record("T.", "Soukenwright"), record("Tom", "Soukenwright")) == "initial_rare"
    assert name(record("T.", "Smith"), record("Tom", "Smith")) == "initial"


def test_two_initials_say_more_than_one() -> None:
    assert name(record("HP", "Schröder"), record("Hans-Peter", "Schröder")) == "initials"
    assert name(record("H.", "Schröder"), record("Hans-Peter", "Schröder")) == "initial"


def test_a_later_one_of_several_initials_may_be_the_name_one_goes_by() -> None:
    assert name(record("W.A.D.", "Perera"), record("Dilshan", "Perera")) == "middle_name"


def test_a_family_name_written_otherwise_under_one_given_name_is_no_twin_s() -> None:
    assert name(record("Maria", "Sandsen"), record("Maria", "Sandsen-Holm")) == "family_alike"


def test_anna_and_hanna_are_no_typing_error() -> None:
    assert name(record("Anna", "Berg"), record("Hanna", "Berg")) == "one_letter_apart"


def test_a_given_name_of_two_words_is_read_where_the_family_name_is_missing() -> None:
    assert name(record("Thu Hà"), record("Thu Hà", "Đỗ")) == "given_name_only"


@pytest.mark.parametrize(
    ("local", "names"),
    [
        ("rafiq.rahman", ("Rafiqul", "Rahman")),
        ("sofie.van", ("Sofie", "van Dijk")),
        ("nesajovanovic", ("Nebojša", "Jovanović")),
        ("somchai.jaidee", ("สมชาย", "ใจดี")),
    ],
)
def test_a_mailbox_repeats_a_short_form_of_the_name(local: str, names: tuple[str, ...]) -> None:
    assert made_of_the_name(local, record(*names))


def test_omar_in_arabic_is_no_title() -> None:
    assert record("عمر الحربي").given


def test_a_mailbox_tells_another_given_name_where_scripts_differ() -> None:
    one = record("Farhad Hosseini", email="farhadhosseini@gmail.com")
    other = record("پروانه حسینی", email="parvaneh.hosseini82@gmail.com")
    assert mailbox(one, other) == "spelt_after_somebody_else"


def test_a_mailbox_tells_the_chinese_name_beside_an_english_one() -> None:
    vivian = record("Vivian", "Luo", "luo.xinling@mail.example")
    assert mailbox(vivian, record("Pengqiang", "Luo")) == "spelt_after_somebody_else"
    assert mailbox(vivian, record("Xin-ling", "Luo")) == "spelt_after_the_other"


def test_a_mailbox_of_the_own_name_does_not_contradict_an_english_one() -> None:
    kevin = record("Kevin", "Hsu", "kevin.hsu@mail.example")
    assert mailbox(kevin, record("Yi-chen", "Hsu", "yichen_hsu@mail.example")) is None


def test_a_mailbox_tells_the_family_name_in_any_of_its_spellings() -> None:
    fiona = record("Fiona", "Wong", "yingna.huang@mail.example")
    assert mailbox(fiona, record("Ying-na", "Wong")) == "spelt_after_the_other"


def test_the_reading_of_a_japanese_name_is_that_name() -> None:
    assert name(record("結衣", "本竹"), record("Yui", "Mototake")) == "same"


def test_a_mailbox_that_keeps_the_name_from_before_a_wedding_tells_it() -> None:
    before = record("سعيد", "العتيبي", "saeed@example.ae")
    after = record("سعيد", "الإدريسي", "alotaibi.saeed@example.com")
    assert mailbox(before, after) == mailbox(after, before) == "spelt_after_the_other"


def test_a_full_name_behind_an_initial_is_told_by_a_mailbox_under_another_name_alone() -> None:
    known = record("B.", "Holzbrunner")
    assert (
        mailbox(record("Barbara", "Meyer", "barbara.holzbrunner@example.at"), known)
        == "spelt_after_the_other"
    )
    assert (
        mailbox(record("Barbara", "Holzbrunner", "barbara.holzbrunner@example.at"), known) is None
    )


def test_a_mailbox_in_pinyin_says_the_name_no_second_time() -> None:
    assert mailbox(record("丁辉", email="hui.ding@example.cn"), record("Ting Fai")) is None


def test_an_initial_of_a_son_is_no_namesakes_of_his_father() -> None:
    assert name(record("P.", "Oliveira"), record("Paulo", "Oliveira Júnior")) == (
        "generation_missing"
    )


def test_a_mailbox_of_ones_own_name_tells_nobody_else() -> None:
    one = record("Parvaneh Hosseini", email="info@beta.example")
    other = record("پروانه حسینی", email="parvaneh.hosseini82@gmail.com")
    assert mailbox(one, other) != "spelt_after_somebody_else"


words = st.text(min_size=0, max_size=16)
letters = st.text(alphabet="abeghijklmnorsuy -내신경王志杰石田محدЯнъ.", max_size=14)


@settings(max_examples=150, deadline=None)
@given(words | letters, words | letters, words | letters, words | letters)
def test_names_are_compared_alike_from_both_sides(a: str, b: str, c: str, d: str) -> None:
    one, other = record(a, b), record(c, d)
    assert name(one, other) == name(other, one)
