/** What Ada and Grace have written to each other when somebody opens the local demo for the first time. */
export interface DemoLetter {
  readonly by: 'ada' | 'grace';
  readonly text: string;
}

export const demoConversation: readonly DemoLetter[] = [
  { by: 'ada', text: 'Good morning, Grace. The first tomato is red!' },
  { by: 'grace', text: 'Good morning, Ada! The one by the window?' },
  { by: 'ada', text: 'The very one. My grandson bet me it would be the last.' },
  { by: 'grace', text: 'Then he owes you a slice of bread to go with it. I am here until six, ring me if you like.' },
];
