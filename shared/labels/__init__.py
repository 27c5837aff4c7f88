"""Labels of forms and headings of tables: what people call the fields of a lead. Pure."""
