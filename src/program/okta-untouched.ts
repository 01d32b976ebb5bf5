import type * as okta from "@pulumi/okta";

type AutoLoginInput = Exclude<keyof okta.app.AutoLoginArgs, "logo">;
type SamlInput = Exclude<keyof okta.app.SamlArgs, "logo">;
type Shared = AutoLoginInput & SamlInput;

/** In records, so that the types miss whatever another version of the provider adds. */
const SHARED: Record<Shared, true> = {
  accessibilityErrorRedirectUrl: true,
  accessibilityLoginRedirectUrl: true,
  accessibilitySelfService: true,
  adminNote: true,
  appLinksJson: true,
  appSettingsJson: true,
  autoSubmitToolbar: true,
  enduserNote: true,
  hideIos: true,
  hideWeb: true,
  label: true,
  preconfiguredApp: true,
  status: true,
  userNameTemplate: true,
  userNameTemplatePushStatus: true,
  userNameTemplateSuffix: true,
  userNameTemplateType: true,
};

const AUTO_LOGIN: Record<Exclude<AutoLoginInput, Shared>, true> = {
  credentialsScheme: true,
  revealPassword: true,
  sharedPassword: true,
  sharedUsername: true,
  signOnRedirectUrl: true,
  signOnUrl: true,
};

const SAML: Record<Exclude<SamlInput, Shared>, true> = {
  acsEndpoints: true,
  acsEndpointsIndices: true,
  assertionSigned: true,
  attributeStatements: true,
  audience: true,
  authenticationPolicy: true,
  authnContextClassRef: true,
  defaultRelayState: true,
  destination: true,
  digestAlgorithm: true,
  honorForceAuthn: true,
  idpIssuer: true,
  implicitAssignment: true,
  inlineHookId: true,
  keyName: true,
  keyYearsValid: true,
  recipient: true,
  requestCompressed: true,
  responseSigned: true,
  samlSignedRequestEnabled: true,
  samlVersion: true,
  signatureAlgorithm: true,
  singleLogoutCertificate: true,
  singleLogoutIssuer: true,
  singleLogoutUrl: true,
  skipAuthenticationPolicy: true,
  spIssuer: true,
  ssoUrl: true,
  subjectNameIdFormat: true,
  subjectNameIdTemplate: true,
};

const named = (...inputs: object[]) => inputs.flatMap((some) => Object.keys(some));

/**
 * What is left as it is once SCIM is on: every property of an application that the provider reads, whether the program sets it
 * or not. It would take a note that somebody wrote in Okta's console for a difference and PUT the whole application, which can
 * wipe its SCIM settings. The provider does not act on `*`.
 */
export const UNTOUCHED = {
  autoLogin: named(SHARED, AUTO_LOGIN),
  saml: named(SHARED, SAML),
} as const;
