/**
 * A create or update that failed half way. The engine records what was asked for and these outputs, so that the next run goes on
 * from there; of an ordinary error it records nothing, and what was done by then would be nobody's.
 */
export class PartlyDone extends Error {
  override name = "PartlyDone";
  readonly id: string;
  readonly outputs: object;

  constructor(id: string, outputs: object, message: string, cause?: unknown) {
    super(message, { cause });
    this.id = id;
    this.outputs = outputs;
  }
}
