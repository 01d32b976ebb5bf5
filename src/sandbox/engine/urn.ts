export const STACK_TYPE = "pulumi:pulumi:Stack";
const PROVIDER_PREFIX = "pulumi:providers:";

/** `urn:pulumi:<stack>::<project>::<parent type>$<type>::<name>`; the stack itself does not count as a parent. */
export function makeUrn(stack: string, project: string, type: string, name: string, parent?: string): string {
  const parentType = parent ? qualifiedType(parent) : "";
  const qualified = parentType && parentType !== STACK_TYPE ? `${parentType}$${type}` : type;
  return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
}

function qualifiedType(urn: string): string {
  return urn.split("::")[2] ?? "";
}

export function typeOf(urn: string): string {
  return qualifiedType(urn).split("$").at(-1) ?? "";
}

export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The package whose provider serves a type or a function: `azuread` of `azuread:index/…:…`. */
export function packageOf(token: string): string {
  return token.startsWith(PROVIDER_PREFIX)
    ? token.slice(PROVIDER_PREFIX.length)
    : (token.split(":")[0] ?? "");
}

export function isProviderType(type: string): boolean {
  return type.startsWith(PROVIDER_PREFIX);
}

export function providerType(packageName: string): string {
  return PROVIDER_PREFIX + packageName;
}
