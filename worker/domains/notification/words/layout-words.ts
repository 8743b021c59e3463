/** What stands around the words of a mail, the same for all of them. */
import type { AppLanguage } from '../../../protocol/http/comfort.ts';
import type { MailGroup } from './mail-groups.ts';

interface LayoutWords {
  readonly wishes: string;
  /** @param name of who rang */
  readonly callBack: (name: string) => string;
  readonly why: string;
  readonly stop: string;
  /** What mails of a group are about: “mails about …”. */
  readonly about: Readonly<Record<MailGroup, string>>;
}

export const layoutWords: Readonly<Record<AppLanguage, LayoutWords>> = {
  en: {
    wishes: 'Warm wishes,\nHearthline',
    callBack: (name) => `Call ${name} back`,
    why: 'You get mails like this one because you have an account with Hearthline.',
    stop: 'Stop mails like this one',
    about: {
      sign_in: 'signing in',
      safety: 'the safety of your account',
      purchases: 'what you bought',
      work: 'jobs of the house',
      calls: 'missed calls',
      messages: 'new messages',
      news: 'news from Hearthline',
    },
  },
  de: {
    wishes: 'Herzliche Grüße\nHearthline',
    callBack: (name) => `${name} zurückrufen`,
    why: 'Sie bekommen solche Mails, weil Sie ein Konto bei Hearthline haben.',
    stop: 'Solche Mails nicht mehr senden',
    about: {
      sign_in: 'das Anmelden',
      safety: 'die Sicherheit Ihres Kontos',
      purchases: 'Ihre Einkäufe',
      work: 'Aufträge des Hauses',
      calls: 'verpasste Anrufe',
      messages: 'neue Nachrichten',
      news: 'Neuigkeiten von Hearthline',
    },
  },
};
