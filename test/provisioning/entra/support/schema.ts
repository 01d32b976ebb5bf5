import type {
  AttributeDefinition,
  GraphAttributeMapping,
  ObjectMapping,
  SynchronizationSchema,
} from "../../../../src/clients/graph/synchronization-schema.ts";
import { parseExpression } from "../../../../src/expressions/parse.ts";
import { toMappingSource } from "../../../../src/expressions/source.ts";

const USER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group";

/** The non-gallery template's default mappings, as public guides show them. */
const USER_MAPPINGS: [target: string, expression: string][] = [
  ["userName", "[userPrincipalName]"],
  ["active", 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'],
  ["displayName", "[displayName]"],
  ["title", "[jobTitle]"],
  ['emails[type eq "work"].value', "[mail]"],
  ["preferredLanguage", "[preferredLanguage]"],
  ["name.givenName", "[givenName]"],
  ["name.familyName", "[surname]"],
  ["name.formatted", 'Join(" ", [givenName], [surname])'],
  ['addresses[type eq "work"].locality', "[city]"],
  ['phoneNumbers[type eq "work"].value', "[telephoneNumber]"],
  ['phoneNumbers[type eq "mobile"].value', "[mobile]"],
  ["externalId", "[mailNickname]"],
  [`${USER}:employeeNumber`, "[employeeId]"],
  [`${USER}:department`, "[department]"],
  [`${USER}:manager`, "[manager]"],
];

const GROUP_MAPPINGS: [target: string, expression: string][] = [
  ["displayName", "[displayName]"],
  ["externalId", "[objectId]"],
  ["members", "[members]"],
];

export function templateSchema(): SynchronizationSchema {
  const definitions = (mappings: [string, string][]) => mappings.map(([target]) => definition(target));
  return {
    id: "scim.tenant.app",
    version: "1",
    synchronizationRules: [
      {
        id: "rule",
        name: "USERGROUP_OUTBOUND_USERGROUP",
        editable: true,
        sourceDirectoryName: "Microsoft Entra ID",
        targetDirectoryName: "customappsso",
        objectMappings: [
          objectMapping("Group", GROUP, GROUP_MAPPINGS, "displayName"),
          objectMapping("User", USER, USER_MAPPINGS, "userName"),
        ],
      },
    ],
    directories: [
      {
        id: "customappsso",
        name: "customappsso",
        objects: [
          { name: USER, attributes: definitions(USER_MAPPINGS) },
          { name: GROUP, attributes: definitions(GROUP_MAPPINGS) },
        ],
      },
    ],
  };
}

/** The template's schema with DataHub's role mapping, as the guide has it. */
export function dataHubSchema(): SynchronizationSchema {
  const target = 'roles[primary eq "True"].value';
  return withMapping(templateSchema(), target, "SingleAppRoleAssignment([appRoleAssignments])");
}

export function mappingOf(schema: SynchronizationSchema, source: "User" | "Group"): ObjectMapping {
  const mappings = schema.synchronizationRules.flatMap((rule) => rule.objectMappings);
  const mapping = mappings.find((candidate) => candidate.sourceObjectName === source);
  if (!mapping) throw new Error(`the schema maps no ${source}`);
  return mapping;
}

/** Puts one user mapping in the place of what is mapped to that target. */
export function withMapping(
  schema: SynchronizationSchema,
  target: string,
  expression: string,
  more: Partial<GraphAttributeMapping> = {},
): SynchronizationSchema {
  const mapping = mappingOf(schema, "User");
  const others = mapping.attributeMappings.filter((one) => one.targetAttributeName !== target);
  mapping.attributeMappings = [...others, { ...attributeMapping(target, expression, 0), ...more }];
  return schema;
}

function objectMapping(
  source: string,
  target: string,
  mappings: [string, string][],
  matching: string,
): ObjectMapping {
  return {
    enabled: true,
    flowTypes: "Add,Update,Delete",
    name: `Provision Microsoft Entra ID ${source}s`,
    scope: null,
    sourceObjectName: source,
    targetObjectName: target,
    attributeMappings: mappings.map(([attribute, expression]) =>
      attributeMapping(attribute, expression, attribute === matching ? 1 : 0),
    ),
  };
}

function attributeMapping(
  target: string,
  expression: string,
  matchingPriority: number,
): GraphAttributeMapping {
  const parsed = parseExpression(expression);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return {
    defaultValue: null,
    exportMissingReferences: false,
    flowBehavior: "FlowWhenChanged",
    flowType: "Always",
    matchingPriority,
    targetAttributeName: target,
    source: toMappingSource(parsed.expression),
  };
}

function definition(name: string): AttributeDefinition {
  return {
    name,
    type: name === "active" ? "Boolean" : /manager$|^members$/.test(name) ? "Reference" : "String",
    anchor: false,
    caseExact: false,
    multivalued: name === "members",
    mutability: "ReadWrite",
    required: false,
  };
}
