import { type AppSettings, appleAssociation, associationAnswer } from '../associations.ts';

export const onRequestGet = ({ env }: { env: AppSettings }): Response => associationAnswer(appleAssociation(env));
