/** Asks the rollcall provider something at plan time; see `RollcallProvider.ask`. */
export type Ask = <Args extends object, Answer>(token: string, args: Args) => Promise<Answer>;
