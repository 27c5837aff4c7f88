"""What a browser may ask of the page of imports."""

from marshmallow import fields

from shared.fields import Form


class ImportPageFile(Form):
    """A file that the page loads."""

    name = fields.String(
        required=True, metadata={"description": "Its name.", "examples": ["page.js"]}
    )
