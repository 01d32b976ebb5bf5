export interface AccessToken {
  value: string;
  /** Milliseconds since the epoch. */
  expires: number;
}

/** Asks for a token once and keeps it in memory, however many want it, until `margin` milliseconds before it runs out. */
export function cachedToken(request: () => Promise<AccessToken>, margin: number): () => Promise<string> {
  let token: AccessToken | undefined;
  let asked: Promise<AccessToken> | undefined;
  return async () => {
    if (token && token.expires - margin > Date.now()) return token.value;
    asked ??= request().finally(() => {
      asked = undefined;
    });
    token = await asked;
    return token.value;
  };
}
