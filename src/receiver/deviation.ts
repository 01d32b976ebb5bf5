/** Forms that leave the RFCs and are understood all the same, each with the rule that it leaves. */
export const DEVIATIONS = {
  "string-boolean": "RFC 7643 2.3.2: a boolean is true or false, not a string",
  "string-number": "RFC 7643 2.3: a value has its attribute's type",
  "number-string": "RFC 7643 2.3.1: a string stands in quotes",
  "null-value": "RFC 7643 2.5: null is the same as unassigned; it is normally left out",
  "single-for-list": "RFC 7643 2.4: a multi-valued attribute is an array",
  "list-for-single": "RFC 7643 2.3: a singular attribute is no array",
  "simple-for-complex": "RFC 7643 2.3.8: a complex attribute is an object",
  "json-in-string": "RFC 7643 2.3.8: a complex value is an object, not a string that holds one",
  "unknown-attribute": "RFC 7643 3: attributes belong to the schemas in use; it was dropped",
  "unknown-schema": "RFC 7643 3: schemas lists URNs of the resource type; it was dropped",
  "missing-schemas": "RFC 7643 3: schemas is required",
  "misspelt-schema": "RFC 7643 4.3: the URN is misspelt",
  "qualified-key": "RFC 7643 3.3: an extension's attributes stand in an object under its URN",
  "dotted-key": "RFC 7643 2.3.8: sub-attributes stand in an object",
  "value-path-key": "RFC 7644 3.5.2: a value path stands in path, not as a key of the value",
  "several-primary": "RFC 7643 2.4: primary is true at most once; the first was kept",
  "read-only": "RFC 7643 2.2: the attribute is read-only; it was ignored",
  "op-case": "RFC 7644 3.5.2: op is add, remove or replace, in lower case",
  "op-missing-schemas": "RFC 7644 3.5.2: the body's schemas is the PatchOp URN",
  "bare-operation": "RFC 7644 3.5.2: Operations is an array",
  "unqualified-path": "RFC 7644 3.10: an extension's attribute is named with its URN",
  "unknown-path": "RFC 7644 3.5.2: the path names no attribute of the schemas; the operation was skipped",
  "element-created": "RFC 7644 3.5.2.3: a value path without a match is noTarget; the element was created",
  "remove-with-value": "RFC 7644 3.5.2.2: remove takes no value; just the values named were removed",
  "remove-names-nothing": "RFC 7644 3.5.2.2: nothing that is there was named; nothing was removed",
  "empty-value-removes": "RFC 7643 2.5: an empty string is a value; it was taken as unassigned",
  "bare-word": "RFC 7644 3.4.2.2: a string in a filter stands in double quotes",
  "dangling-member": "RFC 7643 4.2: value is the id of a resource; none has it",
  "endpoint-case": "RFC 7644 3.2: the endpoint is written with a capital letter",
  "content-type": "RFC 7644 3.1: the body's media type is application/scim+json",
  "duplicate-member": "RFC 7644 3.5.2.1: the value was there already",
  "password-dropped": "a password was sent; it is neither stored nor journaled",
  "product-drops": "the product keeps no such value; it was dropped",
  "product-keeps-name": "the product ignores a new name in PATCH and answers as if it had taken it",
  "product-loses-email": "the product loses a change of the e-mail alone",
  "product-patch-form":
    "the product's published schema refuses this form; whether its service does is not established",
} as const;

export type DeviationCode = keyof typeof DEVIATIONS;

export interface Deviation {
  code: DeviationCode;
  /** The attribute or path it was seen at; never a value. */
  at: string;
  rule: string;
}

/** Decides for one request whether a deviant form is understood (and noted) or refused. */
export class Intake {
  readonly lenient: boolean;
  readonly deviations: Deviation[] = [];

  constructor(lenient: boolean) {
    this.lenient = lenient;
  }

  note(code: DeviationCode, at: string): void {
    if (this.deviations.length >= 50) return;
    if (this.deviations.some((known) => known.code === code && known.at === at)) return;
    this.deviations.push({ code, at, rule: DEVIATIONS[code] });
  }
}
