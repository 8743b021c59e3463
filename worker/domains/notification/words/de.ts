/** The words that are built in: version 1 of every template, in German. Read by people of 80: short, plain, calm. */
import type { BuiltIn } from './kinds.ts';

export const de: BuiltIn = {
  otp: {
    mail: {
      subject: '{{code}} ist Ihr Code für Hearthline',
      body: `Guten Tag,

hier ist Ihr Code, um sich bei Hearthline anzumelden:

{{code}}

Er gilt noch {{minutes}} und nur ein einziges Mal.

Wenn Sie ihn nicht angefordert haben, brauchen Sie nichts zu tun: Ohne den Code kommt niemand hinein. Wir werden Sie nie anrufen oder anschreiben, um danach zu fragen.`,
    },
    sms: { text: '{{code}} ist Ihr Code für Hearthline. Er gilt noch {{minutes}}. Wir werden Sie nie danach fragen.' },
  },
  'security.sign_in': {
    in_app: { title: 'Neue Anmeldung', body: 'Jemand hat sich {{at}} in Ihrem Konto angemeldet, mit {{device}}. Waren Sie das?' },
    push: { title: 'Neue Anmeldung', body: 'Jemand hat sich {{at}} in Ihrem Konto angemeldet. Waren Sie das?' },
    mail: {
      subject: 'Neue Anmeldung in Ihrem Konto bei Hearthline',
      body: `Guten Tag,

jemand hat sich {{at}} in Ihrem Konto angemeldet, mit {{device}}.

Wenn Sie das waren, ist alles gut und Sie brauchen nichts zu tun.

Wenn Sie es nicht waren, sehen Sie Ihre Geräte durch und melden Sie das fremde ab. Ohne Ihr Postfach oder Ihr Telefon kommt es nicht wieder hinein.`,
      action: 'Meine Geräte ansehen',
    },
  },
  'call.missed': {
    in_app: { title: 'Verpasster Anruf', body: '{{name}} hat Sie {{at}} angerufen.' },
    push: { title: 'Verpasster Anruf', body: '{{name}} hat Sie {{at}} angerufen. Tippen Sie, um zurückzurufen.' },
  },
  'call.missed_digest': {
    mail: {
      subject: { one: 'Sie haben einen Anruf verpasst', other: 'Sie haben {{count}} Anrufe verpasst' },
      body: {
        one: `Guten Tag,

jemand hat Sie angerufen und nicht erreicht:

{{calls}}

Es ist nichts verloren. Drücken Sie auf den Link und rufen Sie zurück, wann es Ihnen passt.`,
        other: `Guten Tag,

diese Anrufe haben Sie nicht erreicht:

{{calls}}

Es ist nichts verloren. Drücken Sie auf einen Link und rufen Sie zurück, wann es Ihnen passt.`,
      },
      action: 'Alle verpassten Anrufe ansehen',
    },
  },
  'chat.message': {
    push: { title: '{{name}}', body: { one: 'Sie haben eine neue Nachricht.', other: 'Sie haben {{count}} neue Nachrichten.' } },
  },
  announcement: {
    in_app: { title: '{{title}}', body: '{{text}}' },
    push: { title: '{{title}}', body: '{{text}}' },
    mail: {
      subject: '{{title}}',
      body: `Guten Tag,

{{text}}`,
      action: 'Hearthline öffnen',
    },
  },
  'case.decided': {
    in_app: {
      title: 'Wir haben Ihre Meldung geprüft',
      body: 'Sie haben uns {{at}} etwas gemeldet. Öffnen Sie es, um zu lesen, was wir getan haben.',
    },
    push: { title: 'Wir haben Ihre Meldung geprüft', body: 'Tippen Sie, um zu lesen, was wir getan haben.' },
    mail: {
      subject: 'Wir haben Ihre Meldung geprüft',
      body: `Guten Tag,

Sie haben uns {{at}} etwas gemeldet. Danke: Das hilft, Hearthline sicher zu halten.

Wir haben es geprüft und entschieden. Öffnen Sie es, um zu lesen, was wir getan haben.`,
      action: 'Lesen, was wir getan haben',
    },
  },
  'purchase.receipt': {
    in_app: { title: 'Danke für Ihren Einkauf', body: '{{what}} für {{price}}. Das gehört jetzt Ihnen.' },
    mail: {
      subject: 'Ihr Beleg: {{what}}',
      body: `Guten Tag,

vielen Dank. Sie haben {{at}} {{what}} für {{price}} gekauft. Das gehört jetzt Ihnen.

Die Nummer dieses Belegs ist {{number}}. Wenn etwas nicht stimmt, antworten Sie auf diese Mail oder drücken Sie „Das stimmt nicht“ daneben in Ihrer Geldbörse.`,
      action: 'Meine Geldbörse öffnen',
    },
  },
  'purchase.refunded': {
    in_app: { title: 'Ihr Geld ist auf dem Rückweg', body: '{{price}} für {{what}}. Es dauert ein paar Tage, bis es da ist.' },
    mail: {
      subject: 'Sie bekommen {{price}} zurück',
      body: `Guten Tag,

wir haben Ihnen {{price}} zurückgeschickt, für {{what}}. Das Geld geht den Weg, auf dem Sie bezahlt haben, und kann bis zu zehn Tage brauchen.

Die Nummer dieses Belegs ist {{number}}. Was dafür gekauft war, wurde aus Ihrer Geldbörse genommen.`,
      action: 'Meine Geldbörse öffnen',
    },
  },
  'top_up.stopped': {
    in_app: { title: 'Automatisches Aufladen ist aus', body: 'Ihre Karte wurde zweimal abgelehnt. Wir versuchen es nicht weiter.' },
    push: { title: 'Automatisches Aufladen ist aus', body: 'Ihre Karte wurde zweimal abgelehnt. Wir versuchen es nicht weiter.' },
    mail: {
      subject: 'Ihr automatisches Aufladen ist ausgeschaltet',
      body: `Guten Tag,

Ihre Karte wurde zweimal abgelehnt, zuletzt {{at}}. Wir versuchen es nicht weiter. Es wurde nichts abgebucht.

Sie können in Ihrer Geldbörse weiter Münzen kaufen und das automatische Aufladen dort wieder einschalten, wenn Sie mögen.`,
      action: 'Meine Geldbörse öffnen',
    },
  },
  'job.failed': {
    in_app: { title: 'Eine Aufgabe ist fehlgeschlagen', body: '{{job}} ist {{at}} fehlgeschlagen.' },
    push: { title: 'Eine Aufgabe ist fehlgeschlagen', body: '{{job}} ist {{at}} fehlgeschlagen.' },
    mail: {
      subject: 'Aufgabe fehlgeschlagen: {{job}}',
      body: `{{job}} ist {{at}} fehlgeschlagen.

Die Verwaltung zeigt, was sie gemeldet hat, und kann sie noch einmal ausführen.`,
      action: 'Aufgabe öffnen',
    },
  },
  'job.healed': { in_app: { title: 'Eine Aufgabe läuft wieder', body: '{{job}} ist {{at}} gut durchgelaufen.' } },
};
