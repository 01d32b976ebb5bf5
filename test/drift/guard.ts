import type { World } from "../engines/world.ts";

/** What somebody may do by hand to one property that rollcall manages, and what rollcall answers. */
export interface Guard {
  /** As the table has it: `rollcall:entra:ProvisioningJob status`. */
  property: string;
  /** What is done by hand, in words. */
  by: string;
  tamper(world: World): Promise<void>;
  /** Resource and property path that a preview must name; of a missing object only the resource. */
  shows: { name: string; path?: string };
  /** Beginnings of the writes that repair it, in order: nothing else may be written. */
  repair: readonly string[];
  /** Changes what other guards need, so it cannot be done together with them. */
  alone?: true;
}

/** A property of which drift cannot be, or is deliberately not, repaired. */
export interface Exempt {
  property: string;
  reason: string;
}

/** What only a person can set right. */
export interface Reported {
  property: string;
  by: string;
  tamper(world: World): Promise<void>;
  says: RegExp;
  /** What a person does about it. */
  undo(world: World): Promise<void>;
  /** Whether the preview stops, or warns and shows the difference. */
  stops: boolean;
}
