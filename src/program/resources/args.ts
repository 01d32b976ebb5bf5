import type * as pulumi from "@pulumi/pulumi";

/** A resource's inputs as a program gives them: each may be known only later. */
export type Args<Inputs> = { [Key in keyof Inputs]: pulumi.Input<Inputs[Key]> };
