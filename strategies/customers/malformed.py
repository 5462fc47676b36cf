"""Request bodies as bytes: JSON other than objects, malformed JSON, and adversarial JSON."""

import json
from typing import Any

from strategies import namespace, text
from strategies.cases import Case
from strategies.customers.bodies import plain

# HEAD is replaced by a contactEmail with a fresh address, so that a customer which a tenant creates nevertheless
# can be removed, EMAIL by the address alone, and MIXIN by a fresh name.
_MALFORMED = {
    "no closing brace": b"{HEAD",
    "cut off inside a string": b'{HEAD, "firstName": "Ad',
    "cut off after a colon": b'{HEAD, "firstName":',
    "no comma between members": b'{HEAD "firstName": "Ada"}',
    "no colon": b'{HEAD, "firstName" "Ada"}',
    "two braces": b"{{HEAD}}",
    "a bracket instead of a brace": b"{HEAD]",
    "a form": b"contactEmail=EMAIL",
    "markup": b"<customer>HEAD</customer>",
}
# RFC 8259 §9: a parser may accept extensions. JSON5 and YAML read most of these; others ignore what follows the value.
_EXTENSIONS = {
    "a comma at the end": b"{HEAD,}",
    "single quotes": b"{'contactEmail': 'EMAIL'}",
    "a name without quotes": b'{HEAD, firstName: "Ada"}',
    "a bare word": b'{HEAD, "firstName": Ada}',
    "Python's True": b'{HEAD, "mixins": {"a": True}}',
    "NaN": b'{HEAD, "mixins": {"a": NaN}}',
    "Infinity": b'{HEAD, "mixins": {"a": Infinity}}',
    "a number with a leading zero": b'{HEAD, "mixins": {"a": 01}}',
    "a hexadecimal number": b'{HEAD, "mixins": {"a": 0x1F}}',
    "a comment": b"{HEAD/* Ada */}",
    "a newline inside a string": b'{HEAD, "firstName": "Ada\nLovelace"}',
    "an unknown escape": b'{HEAD, "firstName": "Ada\\x41"}',
    "an extra brace": b"{HEAD}}",
    "two documents": b"{HEAD} {}",
    "a byte that is not UTF-8": b'{HEAD, "firstName": "Ad\xff"}',
    "UTF-8 cut off inside a character": b'{HEAD, "firstName": "\xc3"}',
    "Latin-1": b'{HEAD, "firstName": "J\xfcrgen"}',
    "a surrogate as UTF-8": b'{HEAD, "firstName": "\xed\xa0\xbd"}',
}
# Deep nesting replaces a string: a tenant rejects it and stores nothing that breaks other clients.
_ADVERSARIAL = {
    "2,000 nested arrays": b'{HEAD, "firstName": %b}' % (b"[" * 2_000 + b"]" * 2_000),
    "20,000 nested arrays": b'{HEAD, "firstName": %b}' % (b"[" * 20_000 + b"]" * 20_000),
    "20,000 nested objects": b'{HEAD, "firstName": %b}' % (b'{"a":' * 20_000 + b"1" + b"}" * 20_000),
    "40 nested objects in mixins": b'{HEAD, "mixins": {"MIXIN": %b}}' % (b'{"a":' * 40 + b"1" + b"}" * 40),
    "20,000 open brackets": b'{HEAD, "firstName": ' + b"[" * 20_000,
    "a string of 100,000 characters": b'{HEAD, "firstName": "%b"}' % (b"a" * 100_000),
    "a name of 100,000 characters": b'{HEAD, "%b": 1}' % (b"a" * 100_000),
    "10,000 members": b"{HEAD%b}" % b"".join(b', "k%d": 1' % number for number in range(10_000)),
    "1e999": b'{HEAD, "mixins": {"MIXIN": {"n": 1e999}}}',
    "-1e999": b'{HEAD, "mixins": {"MIXIN": {"n": -1e999}}}',
    "1e-999": b'{HEAD, "mixins": {"MIXIN": {"n": 1e-999}}}',
    "-0": b'{HEAD, "mixins": {"MIXIN": {"n": -0}}}',
    "an integer of 20 digits": b'{HEAD, "mixins": {"MIXIN": {"n": %b}}}' % (b"9" * 20),
    "a version of 20 digits": b'{HEAD, "metadata": {"version": %b}}' % (b"9" * 20),
    "an integer of 5,000 digits": b'{HEAD, "mixins": {"MIXIN": {"n": %b}}}' % (b"9" * 5_000),
    "a duplicate member": b'{HEAD, "firstName": "Ada", "firstName": "Grace"}',
    "a lone high surrogate": b'{HEAD, "firstName": "Ada\\ud83d"}',
    "a lone low surrogate": b'{HEAD, "firstName": "\\ude00Ada"}',
    "NUL": b'{HEAD, "firstName": "Ada\\u0000"}',
    "a control character": b'{HEAD, "firstName": "Ada\\u001b"}',
    "a byte order mark": b"\xef\xbb\xbf{HEAD}",
    "UTF-16": b"{HEAD}",
    "100,000 spaces": b"{HEAD%b}" % (b" " * 100_000),
    "an empty name": b'{HEAD, "": "Ada"}',
    "a name with a dot": b'{HEAD, "mixins.points": 1}',
    "a name with a dollar sign": b'{HEAD, "$where": "1"}',
    "a query operator for a value": b'{HEAD, "b2b": {"$gt": ""}}',
    "__proto__": b'{HEAD, "__proto__": {"active": false}}',
    "a constructor": b'{HEAD, "constructor": {"prototype": {"active": false}}}',
    "a class name": b'{HEAD, "@class": "java.lang.Object", "class": 1}',
}


def not_object_cases() -> tuple[Case[Any], ...]:
    """JSON values other than objects and null; the names in them are fresh. Source: every request body."""
    nested = {"lastName": namespace.fresh_id()}
    return (
        Case("an empty array", []),
        Case("an array of an object", [nested]),
        Case("a string", "Ada"),
        Case("a number", 1),
        Case("true", True),
        Case("false", False),
        Case("an object in a string", json.dumps(nested)),
    )


def malformed_json_cases() -> tuple[Case[bytes], ...]:
    """Bytes that no JSON parser can read, each malformed in one way; the addresses in them are fresh."""
    return tuple(Case(name, _filled(template)) for name, template in _MALFORMED.items())


def json_extension_cases() -> tuple[Case[bytes], ...]:
    """Bytes that are not JSON, and that a parser with extensions can read (RFC 8259 §9)."""
    return tuple(Case(name, _filled(template)) for name, template in _EXTENSIONS.items())


def adversarial_body_cases() -> tuple[Case[bytes], ...]:
    """Bodies that a tenant may accept or reject, but never with 5xx; up to 180 KB each."""
    bodies = {name: _filled(template) for name, template in _ADVERSARIAL.items()}
    bodies["UTF-16"] = bodies["UTF-16"].decode().encode("utf-16")
    return tuple(Case(name, body) for name, body in bodies.items())


def adversarial_text_cases() -> tuple[Case[bytes], ...]:
    """Small bodies with an adversarial text as firstName, written in JSON's ASCII escapes."""
    return tuple(
        Case(case.name, json.dumps(plain(firstName=case.value)).encode("ascii"))
        for case in text.adversarial_cases()
    )


def _filled(template: bytes) -> bytes:
    email, mixin = namespace.fresh_email().encode(), namespace.fresh_name().encode()
    head = b'"contactEmail": "EMAIL"'
    return template.replace(b"HEAD", head, 1).replace(b"EMAIL", email, 1).replace(b"MIXIN", mixin, 1)
