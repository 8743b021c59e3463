/** The words that are built in: version 1 of every template, in English. Read by people of 80: short, plain, calm. */
import type { BuiltIn } from './kinds.ts';

export const en: BuiltIn = {
  otp: {
    mail: {
      subject: '{{code}} is your Hearthline code',
      body: `Hello,

here is your code to sign in to Hearthline:

{{code}}

It works for {{minutes}}, and only once.

If you did not ask for it, you need not do anything: without the code nobody gets in. We will never call or write to ask you for it.`,
    },
    sms: { text: '{{code}} is your Hearthline code. It works for {{minutes}}. We will never ask you for it.' },
  },
  'security.sign_in': {
    in_app: { title: 'New sign-in', body: 'Somebody signed in to your account {{at}} on {{device}}. Was that you?' },
    push: { title: 'New sign-in', body: 'Somebody signed in to your account {{at}}. Was that you?' },
    mail: {
      subject: 'New sign-in to your Hearthline account',
      body: `Hello,

somebody signed in to your account {{at}}, on {{device}}.

If that was you, all is well and you need not do anything.

If it was not you, look at your devices and sign out the one you do not know. Without your mailbox or your phone it can’t come back in.`,
      action: 'Look at my devices',
    },
  },
  'call.missed': {
    in_app: { title: 'Missed call', body: '{{name}} rang you {{at}}.' },
    push: { title: 'Missed call', body: '{{name}} rang you {{at}}. Tap to call back.' },
  },
  'call.missed_digest': {
    mail: {
      subject: { one: 'You missed a call', other: 'You missed {{count}} calls' },
      body: {
        one: `Hello,

somebody rang you and did not reach you:

{{calls}}

Nothing is lost. Press the link to ring back when it suits you.`,
        other: `Hello,

these calls did not reach you:

{{calls}}

Nothing is lost. Press a link to ring back when it suits you.`,
      },
      action: 'See all missed calls',
    },
  },
  'chat.message': {
    push: { title: '{{name}}', body: { one: 'You have a new message.', other: 'You have {{count}} new messages.' } },
  },
  announcement: {
    in_app: { title: '{{title}}', body: '{{text}}' },
    push: { title: '{{title}}', body: '{{text}}' },
    mail: {
      subject: '{{title}}',
      body: `Hello,

{{text}}`,
      action: 'Open Hearthline',
    },
  },
  'case.decided': {
    in_app: { title: 'We looked into your report', body: 'You told us of something {{at}}. Open it to read what we did.' },
    push: { title: 'We looked into your report', body: 'Tap to read what we did.' },
    mail: {
      subject: 'We looked into your report',
      body: `Hello,

you told us of something {{at}}. Thank you: that helps to keep Hearthline a safe place.

We have looked into it and decided. Open it to read what we did.`,
      action: 'Read what we did',
    },
  },
  'purchase.receipt': {
    in_app: { title: 'Thank you for your purchase', body: '{{what}} for {{price}}. It is yours now.' },
    mail: {
      subject: 'Your receipt: {{what}}',
      body: `Hello,

thank you. You bought {{what}} for {{price}} {{at}}. It is yours now.

The number of this receipt is {{number}}. If anything is wrong, answer this mail or press “This is wrong” beside it in your wallet.`,
      action: 'Open my wallet',
    },
  },
  'purchase.refunded': {
    in_app: { title: 'Your money is on its way back', body: '{{price}} for {{what}}. It takes some days to arrive.' },
    mail: {
      subject: 'You get {{price}} back',
      body: `Hello,

we have sent {{price}} back to you, for {{what}}. It goes the way you paid, and can take up to ten days to arrive.

The number of this receipt is {{number}}. What the money had bought was taken from your wallet.`,
      action: 'Open my wallet',
    },
  },
  'top_up.stopped': {
    in_app: { title: 'Automatic top-up is off', body: 'Your card was declined twice, so we stopped trying.' },
    push: { title: 'Automatic top-up is off', body: 'Your card was declined twice, so we stopped trying.' },
    mail: {
      subject: 'Your automatic top-up is switched off',
      body: `Hello,

your card was declined twice, the last time {{at}}, so we stopped trying. Nothing was charged.

You can still buy coins in your wallet, and switch the automatic top-up on again there when you like.`,
      action: 'Open my wallet',
    },
  },
  'job.failed': {
    in_app: { title: 'A job failed', body: '{{job}} failed {{at}}.' },
    push: { title: 'A job failed', body: '{{job}} failed {{at}}.' },
    mail: {
      subject: 'Job failed: {{job}}',
      body: `{{job}} failed {{at}}.

The panel shows what it said, and can run it again.`,
      action: 'Open the job',
    },
  },
  'job.healed': { in_app: { title: 'A job runs well again', body: '{{job}} ran well {{at}}.' } },
};
