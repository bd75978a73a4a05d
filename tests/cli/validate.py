#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Validate JSON on standard input: validate.py SCHEMA [--lines]"""

import json
import sys

import jsonschema


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    text = sys.stdin.read()
    answers = text.splitlines() if "--lines" in sys.argv else [text]
    if not answers:
        sys.exit("nothing to validate")
    for answer in answers:
        for error in validator.iter_errors(json.loads(answer)):
            sys.exit(f"{error.json_path}: {error.message}")


main()
