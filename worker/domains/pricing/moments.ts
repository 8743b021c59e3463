/**
 * The model `moments`: a piece of company that runs pays what falls due; else one moment opens the next; coins from before
 * stay spendable behind them.
 */
import { spendingModel } from './spending.ts';

export const moments = spendingModel('moments');
