// Loaded before the program: a program whose engine was killed would wait for it for ever.
process.once("disconnect", () => process.exit(1));
process.channel?.unref();
