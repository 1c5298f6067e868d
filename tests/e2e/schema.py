"""As much of JSON Schema as docs/*.schema.json use, with Python's own library."""
import re

KNOWN = {"$schema", "title", "description", "type", "required", "additionalProperties", "properties", "items", "pattern",
         "enum", "minimum", "maximum"}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None), "integer": int}


def is_of(value, name):
    return isinstance(value, TYPES[name]) and not (name == "integer" and isinstance(value, bool))


def mistakes(schema, value, where="$"):
    """Each place where the value is not what the schema says."""
    unknown = schema.keys() - KNOWN
    if unknown:
        raise ValueError(f"{where}: keywords {unknown} are not understood here")
    types = schema.get("type", list(TYPES))
    if not any(is_of(value, name) for name in ([types] if isinstance(types, str) else types)):
        yield f"{where}: {value!r} is no {types}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r} is none of {schema['enum']}"
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield f"{where}: {value!r} does not fit {schema['pattern']}"
    if isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{where}: {value} is out of bounds"
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from mistakes(schema.get("items", {}), item, f"{where}[{index}]")
    if isinstance(value, dict):
        known = schema.get("properties", {})
        yield from (f"{where}: {key} is missing" for key in schema.get("required", []) if key not in value)
        for key, item in value.items():
            if key in known:
                yield from mistakes(known[key], item, f"{where}.{key}")
            elif schema.get("additionalProperties") is False:
                yield f"{where}: {key} is not described"
