// Loaded before the program: an engine that is killed takes nobody with it by itself, and a program without one waits for ever.
process.once("disconnect", () => process.exit(1));
// Listening alone must not keep a program alive that is done.
process.channel?.unref();
