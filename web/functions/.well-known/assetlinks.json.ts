import { type AppSettings, androidAssociation, associationAnswer } from '../associations.ts';

export const onRequestGet = ({ env }: { env: AppSettings }): Response => associationAnswer(androidAssociation(env));
