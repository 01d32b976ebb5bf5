interface Parts {
  name?: string;
  /** A list of YAML. */
  assignments?: string;
  /** Further keys of the application, a line each. */
  more?: string;
}

/** A spec with one application of Entra: the sandbox's DataHub, a group of Readers and an Admin. */
export const datahubSpec = ({
  name = "DataHub SCIM",
  assignments = "[{ group: governance-team, role: Reader }, { user: ada@sandbox.example, role: Admin }]",
  more = "",
}: Parts = {}) => `
version: 1
environment: sandbox
applications:
  datahub:
    product: datahub
    endpoint: https://datahub.sandbox.example
    token: { secret: datahubScimToken }
    ${more}
    entra:
      displayName: ${name}
      scope: assigned
      assignments: ${assignments}
      provisioning: { status: running }
`;
