/** The gallery's template for applications that are not in the gallery, by cloud; the ids are Microsoft's. */
const NON_GALLERY_TEMPLATES: Record<string, string> = {
  public: "8adf8e6e-67b2-4cf2-a259-e3dc5476c621",
  usgovernment: "4602d0b4-76bb-404b-bca9-2652e1a39c6d",
  china: "5a532e38-1581-4918-9658-008dc27c1d68",
};

/** @param cloud as ARM_ENVIRONMENT has it; the public one when it is not set. */
export function nonGalleryTemplate(cloud = "public"): string {
  const key = cloud.toLowerCase().replace(/l[45]$/, "");
  const template = NON_GALLERY_TEMPLATES[key];
  if (!template) {
    throw new Error(
      `The cloud "${cloud}" is not known; ARM_ENVIRONMENT may be ${Object.keys(NON_GALLERY_TEMPLATES).join(", ")}.`,
    );
  }
  return template;
}

/** The role that the template brings along for "may use this application"; it has no value, so nothing travels with it. */
export const TEMPLATE_USER_ROLE = { value: "User", id: "18d14569-c3bd-439b-9a66-3a2aee01d14f" } as const;

/** The key of the synchronization template that such an application offers. */
export const SYNCHRONIZATION_TEMPLATE = "scim";
