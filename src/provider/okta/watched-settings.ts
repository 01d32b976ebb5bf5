import type { OktaApplication } from "../../clients/okta/applications.ts";

/** What decides who is sent under which name and where sign-ins go. Reported and never written, since a PUT may wipe SCIM. */
const READ = {
  userNameTemplate: ({ credentials }) => credentials?.userNameTemplate?.template,
  ssoUrl: ({ settings }) => settings?.signOn?.ssoAcsUrl,
  audience: ({ settings }) => settings?.signOn?.audience,
} satisfies Record<string, (application: OktaApplication) => string | null | undefined>;

export type WatchedSetting = keyof typeof READ;

export type WatchedSettings = Partial<Record<WatchedSetting, string>>;

const WORDS: Record<WatchedSetting, string> = {
  userNameTemplate: "user name template",
  ssoUrl: "single sign-on URL",
  audience: "audience",
};

/** What the application has for each of the settings that are wanted; "" for none. */
export function readSettings(application: OktaApplication, wanted: WatchedSettings): WatchedSettings {
  return Object.fromEntries(namesOf(wanted).map((name) => [name, READ[name](application) ?? ""]));
}

/** In words, what is not as it should be. */
export function wrongSettings(found: WatchedSettings, wanted: WatchedSettings): string[] {
  return namesOf(wanted)
    .filter((name) => found[name] !== wanted[name])
    .map(
      (name) =>
        `the application's ${WORDS[name]} is "${found[name]}" in Okta, and "${wanted[name]}" in the spec`,
    );
}

const namesOf = (settings: WatchedSettings) => Object.keys(settings) as WatchedSetting[];
