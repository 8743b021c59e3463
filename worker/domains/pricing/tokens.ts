/**
 * The model `tokens`: each checkpoint takes its amount in coins, by the tariff. What the payer can't pay the house may
 * carry (money.md, "Running out" and "D1 away").
 */
import { spendingModel } from './spending.ts';

export const tokens = spendingModel('tokens');
