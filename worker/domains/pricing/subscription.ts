/**
 * The model `subscription`: what a plan includes in a day comes first, then moments from before, then coins where the plan
 * allows them.
 */
import { spendingModel } from './spending.ts';

export const subscription = spendingModel('subscription');
