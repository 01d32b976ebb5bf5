import type { DesiredApplication } from "../desired/model.ts";
import { findProduct } from "../products/registry.ts";
import type { ExplainedAttribute, JoinKeys } from "./explanation.ts";

/**
 * By what a product can join the person it was sent with the person who signs in.
 * @param subject what the token of the single sign-on names the person by
 */
export function joinKeys(
  application: DesiredApplication,
  attributes: ExplainedAttribute[],
  subject: JoinKeys["subject"],
): JoinKeys {
  const sent = attributes.find(({ target }) => target === "externalId");
  const value = typeof sent?.value === "string" ? sent.value : null;
  const from = sent ? (sent.expression ?? "the mapping's default value") : "no mapping";
  const equal = value === subject.value;
  const product = findProduct(application.product);
  const needed = product?.joinsByExternalId === true;
  const title = product?.title ?? application.product;
  return {
    externalId: { value, from },
    subject,
    broken: needed && !equal && attributes.length > 0,
    verdict: equal
      ? "The two are equal."
      : needed
        ? `The two differ, and ${title} knows people who sign in by them: whoever signs in becomes somebody else. Map externalId from [objectId].`
        : `The two differ. ${title} asks for nothing else in its guide: look which claim its sign-on is set up with.`,
  };
}
