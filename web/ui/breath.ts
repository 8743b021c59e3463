/** Ends the present task, so that what the visitor did meanwhile is heard before the next one. */
export const breath = (): Promise<void> => new Promise((done) => setTimeout(done));
