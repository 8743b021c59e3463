/** How a provider's answer is told apart: sent, worth another try, or never. */
export type Sending =
  | { readonly sent: true; readonly providerId: string | null }
  | {
      readonly sent: false;
      readonly again: boolean;
      readonly code: string;
      /** How long the provider asks us to wait (`Retry-After`), ms; left out: as we see fit. */
      readonly retryAfterMs?: number;
    };

/** 429 and 5xx pass with time; 401, 403 and 404 (a wrong account) once somebody sets the key right. Other 4xx never pass. */
export const refusedBy = (provider: string, status: number): Sending => ({
  sent: false,
  again: [401, 403, 404, 408, 429].includes(status) || status >= 500,
  code: `${provider}_${status}`,
});

export const SEND_TIMEOUT_MS = 10_000;
