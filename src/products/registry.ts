import { alation } from "./alation.ts";
import { collate } from "./collate.ts";
import { custom } from "./custom.ts";
import { dataMeshManager } from "./data-mesh-manager.ts";
import { datahub } from "./datahub.ts";
import type { Product } from "./product.ts";

const products: readonly Product[] = [datahub, dataMeshManager, collate, alation, custom];

export const PRODUCT_KEYS: readonly string[] = products.map((product) => product.key);

/** The product a spec names; undefined when rollcall knows none of that key. */
export function findProduct(key: string): Product | undefined {
  return products.find((product) => product.key === key);
}
