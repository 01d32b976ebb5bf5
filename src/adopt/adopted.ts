/** What an application that was set up by hand is as a spec, and what makes it one of a stack. */
export interface Adopted {
  /** The application's part of a spec, in plain values. */
  application: Record<string, unknown>;
  imports: ImportedResource[];
  /** What is otherwise than the product's guide has it, and what could not be read: sentences. */
  notes: string[];
}

/** One resource of a file for `pulumi import --file`. */
export interface ImportedResource {
  type: string;
  name: string;
  /** Absent for a component, which has no object in the tenant. */
  id?: string;
  component?: true;
  /** Name of the component it stands below. */
  parent?: string;
}

export interface AdoptOptions {
  /** Key of the application in the spec. */
  key: string;
  /** Key of a product, when the address does not tell it. */
  product?: string;
  /** Name of the stack secret that will hold the token. */
  secret: string;
}

/**
 * The one application that bears a name.
 * @param described as in `named "DataHub" in Entra`
 * @throws when there is none, or several
 */
export function theOne<T extends { id: string }>(found: T[], described: string): T {
  const [application, ...others] = found;
  if (!application)
    throw new Error(`There is no application ${described}; names are compared letter by letter.`);
  if (others.length === 0) return application;
  throw new Error(
    `There are ${found.length} applications ${described}: ${found.map(({ id }) => id).join(", ")}. Rename all but the one that is meant.`,
  );
}

/** `datahub-prod` -> `datahubProdScimToken`, and `datahub-scim` -> `datahubScimToken` */
export function secretNameFor(key: string): string {
  return `${key.replace(/(?<=.)-scim$/, "").replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())}ScimToken`;
}

/** `DataHub SCIM` -> `datahub-scim` */
export function keyFor(name: string): string {
  const words = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "");
  return words || "application";
}
