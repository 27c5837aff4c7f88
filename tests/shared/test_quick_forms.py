"""Quick reading of forms: the same as marshmallow's, or left to it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import (
    RAISE,
    Schema,
    ValidationError,
    fields,
    post_load,
    pre_load,
    validate,
    validates_schema,
)

from shared.errors import Malformed
from shared.fields import Form, Milliseconds, Moment, Text
from shared.quick_forms import NotPlain, reader
from shared.validation import flattened, loaded


class Place(Form):
    city = Text("City.", longest=5)
    code = fields.String(required=True)

    @post_load
    def joined(self, data, **options):
        if data.get("city") == "Atlan":
            raise ValidationError({"city": ["is sunk"]})
        return (data.get("city"), data["code"])


class Visit(Form):
    name = Text("Name.", longest=8, data_key="called")
    note = Text("Note.")
    short = fields.String(validate=validate.Length(min=1, max=3), load_default="-")
    at = Moment("When.")
    took_ms = Milliseconds("How long.")
    place = fields.Nested(Place, allow_none=True)
    home = fields.Nested(Place, load_default=dict)
    kinds = fields.List(fields.String(), load_default=list)
    agreed = fields.Boolean(attribute="consent")

    @pre_load
    def split(self, data, **options):
        if isinstance(data, dict) and isinstance(data.get("kinds"), str):
            return data | {"kinds": data["kinds"].split(",")}
        return data


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=9),
    st.sampled_from(["2026-03-01T09:30:00Z", "12", "true", "Atlan", "a,b"]),
    st.lists(st.text(max_size=3), max_size=2),
)
PLACES = st.dictionaries(st.sampled_from(["city", "code", "more"]), VALUES, max_size=3)
NAMES = st.sampled_from([*Visit().fields, "called", "consent", "other"])
VISITS = st.one_of(VALUES, st.dictionaries(NAMES, st.one_of(VALUES, PLACES), max_size=6))


def by_marshmallow(schema, data):
    try:
        return schema.load(data)
    except ValidationError as error:
        return flattened(error.normalized_messages(), data)


def by_us(schema, data):
    try:
        return loaded(schema, data)
    except Malformed as error:
        return error.details


@settings(deadline=None, max_examples=500)
@given(VISITS)
def test_a_form_loads_as_marshmallow_loads_it(data):
    assert by_us(Visit(), data) == by_marshmallow(Visit(), data)


def test_a_plain_form_is_read_quickly_and_in_the_order_of_its_fields():
    sent = {"note": "n", "called": None, "home": {"code": "x", "city": "Rome"}, "odd": 1}

    found = reader(Visit())(sent)

    assert list(found.items()) == list(Visit().load(sent).items())


@pytest.mark.parametrize(
    "sent", [[], {"called": "too long a name"}, {"note": 1}, {"home": []}, {"home": {}}]
)
def test_what_is_not_plain_is_left_to_marshmallow(sent):
    with pytest.raises((NotPlain, ValidationError)):
        reader(Visit())(sent)


class Checked(Form):
    @validates_schema
    def never(self, data, **options):
        raise ValidationError("no")


class Path(Form):
    deep = fields.String(attribute="a.b")


class Tree(Form):
    name = Text("Name.")
    below = fields.Nested(lambda: Tree())


class Whole(Form):
    @post_load(pass_collection=True)
    def all(self, data, **options):
        return data


@pytest.mark.parametrize(
    "schema",
    [
        Checked(),
        Whole(),
        Path(),
        Schema.from_dict({})(),
        Visit(unknown=RAISE),
        Visit(partial=True),
        Visit(many=True),
        Visit(only=["note"]),
    ],
)
def test_of_other_schemas_there_is_no_quick_reader(schema):
    assert reader(schema) is None


def test_a_form_may_hold_forms_of_its_own_kind():
    sent = {"name": "a", "below": {"name": "b", "below": {"name": "c"}}}

    assert reader(Tree())(sent) == Tree().load(sent) == sent
