import { expect, test } from "vitest";
import { FUNCTIONS } from "../../src/expressions/catalogue.ts";
import { type AttributeValues, evaluateExpression } from "../../src/expressions/evaluate.ts";
import { parseExpression } from "../../src/expressions/parse.ts";
import type { Value } from "../../src/expressions/value.ts";

function evaluate(text: string, attributes: AttributeValues = {}) {
  const parsed = parseExpression(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.problem.message}`);
  return evaluateExpression(parsed.expression, attributes);
}

const admin = '{"id":"1","value":"Admin","displayName":"Administrator"}';
const reader = '{"id":"2","value":"Reader","displayName":"Reader"}';
const template = '{"id":"3","value":null,"displayName":"User"}';

type Vector = [expression: string, attributes: AttributeValues, expected: Value];

/** Inputs and outputs as printed in Microsoft's function reference (functions-for-customizing-application-data.md). */
const REFERENCE: Vector[] = [
  [
    'Append([userPrincipalName], ".test")',
    { userPrincipalName: "John.Doe@contoso.com" },
    "John.Doe@contoso.com.test",
  ],
  ["BitAnd(&HF, &HF7)", {}, "7"],
  ["CBool([attribute1] = [attribute2])", { attribute1: "x", attribute2: "x" }, true],
  ["CBool([attribute1] = [attribute2])", { attribute1: "x", attribute2: "y" }, false],
  [
    "Coalesce([mail],[userPrincipalName])",
    { mail: null, userPrincipalName: "John.Doe@contoso.com" },
    "John.Doe@contoso.com",
  ],
  ["CStr([dn])", { dn: "cn=Joe,dc=contoso,dc=com" }, "cn=Joe,dc=contoso,dc=com"],
  [
    'FormatDateTime([extensionAttribute1], , "yyyyMMddHHmmss.fZ", "yyyy-MM-dd")',
    { extensionAttribute1: "20150123105347.1Z" },
    "2015-01-23",
  ],
  ['IIF([country]="USA",[country],[department])', { country: "USA", department: "Sales" }, "USA"],
  ['IIF([country]="USA",[country],[department])', { country: "France", department: "Sales" }, "Sales"],
  ['IIF([country]="USA",IIF([state]="CA","True","False"),"False")', { country: "USA", state: "CA" }, "True"],
  ['IIF([country]="USA","True",IIF([state]="CA","True","False"))', { country: "Peru", state: "NV" }, "False"],
  ["IsNullOrEmpty([displayName])", {}, true],
  ["IsNullOrEmpty([displayName])", { displayName: "" }, true],
  ["IsNullOrEmpty([displayName])", { displayName: "Ada" }, false],
  ["IsPresent([directManager])", { directManager: "x" }, true],
  ["IsPresent([directManager])", {}, false],
  ["Item([proxyAddresses], 1)", { proxyAddresses: ["SMTP:a@x", "smtp:b@x"] }, "SMTP:a@x"],
  ['Join(", ", "", [surname], [givenName])', { givenName: "John", surname: "Doe" }, "Doe, John"],
  ['Left("John Doe", 3)', {}, "Joh"],
  ['Left("John Doe", 0)', {}, ""],
  ['Left("John Doe", -1)', {}, "John Doe"],
  ['Left("John Doe", 99)', {}, "John Doe"],
  ["Left([missing], 3)", {}, ""],
  ["Append(Mid([givenName], 1, 3), Mid([surname], 1, 5))", { givenName: "John", surname: "Doe" }, "JohDoe"],
  ["NormalizeDiacritics([givenName])", { givenName: "Zoë" }, "Zoe"],
  ['Not("True")', {}, false],
  ['Not("False")', {}, true],
  ["RemoveDuplicates([proxyAddresses])", { proxyAddresses: ["a", "b", "a"] }, ["a", "b"]],
  [
    'Replace([BusinessTitle],"Product Developer", , , "Software Engineer", , )',
    { BusinessTitle: "Product Developer" },
    "Software Engineer",
  ],
  [
    'Replace([UserID],"<username>", , , , , "<username>@contoso.com")',
    { UserID: "jsmith" },
    "jsmith@contoso.com",
  ],
  [
    // biome-ignore lint/suspicious/noTemplateCurlyInString: .NET's spelling of a group in a replacement
    'Replace([telephoneNumber], , "\\\\+(?<isdCode>\\\\d* )(?<phoneNumber>\\\\d{10})", , "${phoneNumber}", , )',
    { telephoneNumber: "+91 9998887777" },
    "9998887777",
  ],
  [
    'Replace([AddressLineData], ,"(?<streetNumber>^\\\\d*)","streetNumber", "888", , )',
    { AddressLineData: "545 Tremont Street" },
    "888 Tremont Street",
  ],
  [
    'Replace([userPrincipalName], , "(?<Suffix>@(.)*)", "Suffix", "", , )',
    { userPrincipalName: "jsmith@contoso.com" },
    "jsmith",
  ],
  [
    'Replace([telephoneNumber], , "\\\\+(?<isdCode>\\\\d* )(?<phoneNumber>\\\\d{10})", "phoneNumber" , , [mobile], )',
    { telephoneNumber: "", mobile: "+91 8887779999" },
    "8887779999",
  ],
  [
    'Replace([telephoneNumber], , "\\\\+(?<isdCode>\\\\d* )(?<phoneNumber>\\\\d{10})", "phoneNumber" , , [mobile], )',
    { telephoneNumber: "123", mobile: "+91 8887779999" },
    "123",
  ],
  ['Replace([mailNickname], , "[a-zA-Z_]*", , "", , )', { mailNickname: "john_doe72" }, "72"],
  ['Replace([mail], "@contoso.com", , ,"", ,)', { mail: "john.doe@contoso.com" }, "john.doe"],
  ["SingleAppRoleAssignment([appRoleAssignments])", { appRoleAssignments: [reader] }, "Reader"],
  [
    'Split([extensionAttribute5], ",")',
    { extensionAttribute5: "PermissionSetOne, PermissionSetTwo" },
    ["PermissionSetOne", "PermissionSetTwo"],
  ],
  ['StripSpaces("a b  c")', {}, "abc"],
  [
    'Switch([state], "Australia/Sydney", "NSW", "Australia/Sydney","QLD", "Australia/Brisbane", "SA", "Australia/Adelaide")',
    { state: "QLD" },
    "Australia/Brisbane",
  ],
  [
    'Switch([state], "Australia/Sydney", "NSW", "Australia/Sydney","QLD", "Australia/Brisbane", "SA", "Australia/Adelaide")',
    { state: "WA" },
    "Australia/Sydney",
  ],
  ['Switch(ToLower([statusFlag]), "0", "true", "1", "false", "0")', { statusFlag: "TRUE" }, "1"],
  ['Switch([statusFlag], "Default Value", "true", "1", "", "0")', {}, "0"],
  ['Switch([country],[country],"","Other")', { country: "Chile" }, "Chile"],
  [
    'ToLower(Join("@", NormalizeDiacritics(StripSpaces(Join(".",  [PreferredFirstName], [PreferredLastName]))), "contoso.com"))',
    { PreferredFirstName: "John", PreferredLastName: "Smith" },
    "john.smith@contoso.com",
  ],
  ['ToUpper("straße")', {}, "STRASSE"],
  ['Word("The quick brown fox",3," ")', {}, "brown"],
  ['Word("This,string!has&many separators",3,",!&#")', {}, "has"],
  ['Word("one two", 0, " ")', {}, ""],
  ['Word("one two", 3, " ")', {}, ""],
  ['Word([missing], 1, " ")', {}, ""],
];

test.each(REFERENCE)("reference: %s of %j", (expression, attributes, expected) => {
  expect(evaluate(expression, attributes)).toEqual({ ok: true, value: expected });
});

const MORE: Vector[] = [
  // The reference prints 19998887777 here, though its pattern does not name the plus sign.
  ['Replace([mobile], , "[()\\\\s-]+", , "", , )', { mobile: "+1 (999) 888-7777" }, "+19998887777"],
  ["[mail]", { mail: "a@b" }, "a@b"],
  ["[constructor]", {}, null],
  ['"text"', {}, "text"],
  ['Switch([IsSoftDeleted], , "False", "True", "True", "False")', { IsSoftDeleted: false }, "True"],
  ['Switch([IsSoftDeleted], , "False", "True", "True", "False")', { IsSoftDeleted: true }, "False"],
  ['Switch([IsSoftDeleted], , "False", "True", "False")', { IsSoftDeleted: false }, "True"],
  ['Switch([IsSoftDeleted], , "False", "True", "False")', { IsSoftDeleted: true }, null],
  ['Switch([x], , "A", "1")', { x: "a" }, null],
  ['IIF(BitAnd([userAccountControl], 2)="0", "True", "False")', { userAccountControl: "514" }, "False"],
  ['IIF([n]>"9", "more", "less")', { n: "10" }, "more"],
  ['IIF([n]<="b", "early", "late")', { n: "abc" }, "early"],
  ["BitAnd([groupType], -2147483648)", { groupType: "-2147483646" }, "-2147483648"],
  ['Join(" ", [givenName], [surname])', { givenName: "Ada", surname: null }, "Ada"],
  ['Join(" ", [givenName], [surname])', {}, null],
  ['Join(";", [proxyAddresses], "z")', { proxyAddresses: ["a", "b"] }, "a;b;z"],
  ['Append([mail], ".test")', {}, null],
  ["Coalesce([a], [b])", {}, null],
  ['Coalesce([a], "")', {}, ""],
  ["Item([proxyAddresses], 0)", { proxyAddresses: ["a"] }, null],
  ["Item([proxyAddresses], 9)", { proxyAddresses: ["a"] }, null],
  ["Not([accountEnabled])", { accountEnabled: true }, false],
  ["CBool([n])", { n: "2" }, true],
  ["CBool([n])", { n: "0" }, false],
  ["CStr([accountEnabled])", { accountEnabled: true }, "True"],
  ['Mid("abc", 2, 99)', {}, "bc"],
  ['Mid("abc", 9, 1)', {}, ""],
  ['ToUpper("i", "tr-TR")', {}, "İ"],
  ['NormalizeDiacritics("Øre Łódź Straße Þór 한글 が")', {}, "OEre Lodz Strasse Þor 한글 が"],
  ['FormatDateTime([d], , "yyyy-MM-ddzzz", "yyyy-MM-dd")', { d: "2020-12-31-08:00" }, "2020-12-31"],
  [
    'FormatDateTime([d], , "M/d/yyyy hh:mm:ss tt", "yyyy-MM-ddTHH:mm:ss")',
    { d: "8/25/2021 05:41:18 PM" },
    "2021-08-25T17:41:18",
  ],
  ['FormatDateTime([d], "RoundtripKind", , "dd MMM yy")', { d: "2009-06-15T01:45:30-07:00" }, "15 Jun 09"],
  ["SingleAppRoleAssignment([appRoleAssignments])", {}, null],
  ["SingleAppRoleAssignment([appRoleAssignments])", { appRoleAssignments: [admin, admin] }, "Admin"],
  ["SingleAppRoleAssignment([appRoleAssignments])", { appRoleAssignments: [template] }, "User"],
  [
    "AppRoleAssignmentsComplex([appRoleAssignments])",
    { appRoleAssignments: [admin, reader] },
    [admin, reader],
  ],
  ["AppRoleAssignmentsComplex([appRoleAssignments])", {}, null],
];

test.each(MORE)("%s of %j", (expression, attributes, expected) => {
  expect(evaluate(expression, attributes)).toEqual({ ok: true, value: expected });
});

test.each([
  ['IIF(IsPresent([country]),[country],"Other")', {}, "unsupported", 4],
  ['IIF([country]="","Other",[country])', {}, "unsupported", 4],
  [
    "SingleAppRoleAssignment([appRoleAssignments])",
    { appRoleAssignments: [admin, reader] },
    "several-roles",
    0,
  ],
  ["SingleAppRoleAssignment([mail])", { mail: "x" }, "invalid-argument", 0],
  ['Join("", PCase([a]))', {}, "not-evaluable", 9],
  ["PCase([a])", {}, "not-evaluable", 0],
  ["Nonsense([a])", {}, "unknown-function", 0],
  ["Append([a])", {}, "wrong-arguments", 0],
  ['Left([a], "x")', { a: "b" }, "invalid-argument", 0],
  ["StripSpaces([a])", { a: ["b", "c"] }, "invalid-argument", 0],
  ['Replace([a], , "(", , "", , )', { a: "b" }, "not-evaluable", 0],
  ['Replace([a], , "a(?=b)", , "", , )', { a: "b" }, "not-evaluable", 0],
  ["Replace([a], , , , , , )", { a: "b" }, "invalid-argument", 0],
  ['FormatDateTime([d], , "yyyy", "yyyy")', { d: "20-15" }, "invalid-argument", 0],
  ['FormatDateTime([d], , "yyyy-MM-dd", "d")', { d: "2015-02-01" }, "not-evaluable", 0],
  ['FormatDateTime([d], , "yyyy-MM-dd", "yyyy")', { d: "2015-02-30" }, "invalid-argument", 0],
  ['CBool("perhaps")', {}, "invalid-argument", 0],
  ['ToLower("x", "not a culture")', {}, "invalid-argument", 0],
])("%s of %j is refused: %s", (expression, attributes, code, offset) => {
  const result = evaluate(expression, attributes);
  expect(result).toMatchObject({ ok: false, problem: { code, offset } });
});

test("every function that is said to be evaluable has a vector", () => {
  const texts = [...REFERENCE, ...MORE].map(([expression]) => expression);
  for (const description of FUNCTIONS.values()) {
    if (description.evaluable)
      expect(
        texts.some((text) => text.includes(`${description.name}(`)),
        description.name,
      ).toBe(true);
  }
});
