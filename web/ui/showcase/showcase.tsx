/** The design system by its parts. Its own captions are for builders and stay in English. */
import { Checkbox, MantineProvider, NativeSelect, Radio, SegmentedControl, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { NoAnswer } from '../../client/problem.ts';
import { Button } from '../button.tsx';
import { Icon, iconNames } from '../call/icons.tsx';
import { speak } from '../i18n.ts';
import { OfflinePage } from '../offline.tsx';
import { PermissionRescue } from '../permission-rescue.tsx';
import { Portrait } from '../portrait.tsx';
import { ProblemNote } from '../problem-note.tsx';
import { ring, type SoundName } from '../sound.ts';
import { Empty, Skeleton } from '../states.tsx';
import { cssVariables, theme } from '../theme.ts';

const colours = [
  'paper',
  'sheet',
  'line',
  'line-strong',
  'ink',
  'ink-soft',
  'teal',
  'teal-wash',
  'teal-ink',
  'ember',
  'ember-wash',
  'ember-ink',
  'stop',
  'stop-wash',
  'night',
  'night-sheet',
];
const people = ['Ada', 'Ben', 'Cora', 'Dora', 'Grace', 'Hugo', 'Iris', 'Sam', 'Alex', 'Wilma', 'Otto', 'Mei', 'Lars', 'Fatma'];
const sounds: readonly SoundName[] = ['incoming', 'outgoing', 'warning', 'connected'];

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="stack" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

export function Showcase() {
  const [scheme, setScheme] = useState<'light' | 'dark'>('light');
  const [scale, setScale] = useState('100');
  const [strong, setStrong] = useState(false);
  const [language, setLanguage] = useState<'en' | 'de'>('en');
  useEffect(() => {
    const root = document.documentElement;
    root.style.setProperty('--text-scale', String(Number(scale) / 100));
    root.dataset.text = scale === '200' ? 'huge' : 'normal';
    root.dataset.contrast = strong ? 'high' : 'normal';
  }, [scale, strong]);
  useEffect(() => void speak(language), [language]);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} forceColorScheme={scheme}>
      <main className="showcase stack">
        <h1>Hearthline: a lamp in a window</h1>
        <div className="row">
          <SegmentedControl
            aria-label="Light"
            value={scheme}
            onChange={(value) => setScheme(value === 'dark' ? 'dark' : 'light')}
            data={['light', 'dark']}
          />
          <SegmentedControl aria-label="Text" value={scale} onChange={setScale} data={['100', '150', '200']} />
          <SegmentedControl
            aria-label="Language"
            value={language}
            onChange={(value) => setLanguage(value === 'de' ? 'de' : 'en')}
            data={['en', 'de']}
          />
          <Switch label="Strong contrast" checked={strong} onChange={(event) => setStrong(event.currentTarget.checked)} />
        </div>
        <Part title="Colours: teal is what can be done, ember is somebody who is there">
          <div className="swatches">
            {colours.map((name) => (
              <div key={name} className="swatch">
                <span style={{ background: `var(--${name})` }} />
                {name}
              </div>
            ))}
          </div>
        </Part>
        <Part title="Type: Atkinson Hyperlegible Next, 18 to 20 px and more">
          <h1>Who would you like to talk to?</h1>
          <h2>Here now</h2>
          <p className="plain">18 minutes with Grace, 189 coins, nothing else.</p>
          <p>Pick somebody. You see the price before you call.</p>
          <p className="soft">Last used: Tuesday 3 o’clock</p>
          <p className="big-number">500 coins</p>
        </Part>
        <Part title="Portraits: always the same face for the same person">
          <div className="portraits">
            {people.map((name) => (
              <Portrait key={name} name={name} seed={name} size={110} />
            ))}
          </div>
        </Part>
        <Part title="Pictures beside words">
          <div className="icon-grid">
            {iconNames.map((name) => (
              <span key={name}>
                <Icon name={name} /> {name}
              </span>
            ))}
          </div>
        </Part>
        <Part title="Presence">
          <div className="row">
            <span className="presence here">Here now</span>
            <span className="presence">In another call</span>
          </div>
        </Part>
        <Part title="Things to press and to fill in">
          <div className="row">
            <Button>Talk to Grace</Button>
            <Button variant="default">Skip this</Button>
            <Button variant="subtle">Back</Button>
            <Button color="red">Block</Button>
            <Button disabled>Not now</Button>
            <Button loading>Wait</Button>
          </div>
          <div className="sheet stack">
            <TextInput label="Your name" description="A first name is enough." />
            <TextInput label="Your name" error="Please type a name, or skip this." />
            <Textarea label="A few words about you" rows={3} />
            <NativeSelect label="Language" data={['Any language', 'English', 'Deutsch']} />
            <Switch label="Strong contrast" description="Darker letters and clear edges." defaultChecked />
            <Checkbox label="I understand" />
            <Radio.Group label="What happened?" defaultValue="a" size="lg">
              <Stack gap="sm" mt="sm">
                <Radio value="a" label="Unkind or threatening" size="md" />
                <Radio value="b" label="Something else" size="md" />
              </Stack>
            </Radio.Group>
            <fieldset className="pick-row" aria-label="Picks">
              <button type="button" className="pick" aria-pressed="true">
                <Icon name="check" size={22} /> Music and singing
              </button>
              <button type="button" className="pick" aria-pressed="false">
                Cooking and home
              </button>
            </fieldset>
          </div>
        </Part>
        <Part title="In a call: 64 px and more, labelled, never hidden">
          <div className="night-part">
            <fieldset className="controls" aria-label="Call">
              <button type="button" className="control">
                <Icon name="mic" /> Mute
              </button>
              <button type="button" className="control" aria-pressed="true">
                <Icon name="cameraOff" /> Camera on
              </button>
              <button type="button" className="control go">
                <Icon name="phone" /> Answer
              </button>
              <button type="button" className="control stop">
                <Icon name="stop" /> Hang up
              </button>
            </fieldset>
          </div>
        </Part>
        <Part title="Sounds">
          <div className="row">
            {sounds.map((name) => (
              <Button key={name} variant="default" onClick={() => setTimeout(ring(name).stop, 3_000)}>
                {name}
              </Button>
            ))}
          </div>
        </Part>
        <Part title="States: waiting, empty, wrong, offline, refused">
          <Skeleton />
          <Skeleton shape="faces" count={2} />
          <Empty title="You have blocked nobody" picture="cup">
            <p>You can block somebody on their page or in a call.</p>
          </Empty>
          <Empty title="Nobody can take a call right now" picture="night" />
          <ProblemNote error={new NoAnswer('', null)} onRetry={() => undefined} />
          <p className="note">You asked Grace for video.</p>
          <p className="note warn">Your balance lasts about 50 seconds more.</p>
          <OfflinePage onRetry={() => undefined} />
          <div className="sheet">
            <PermissionRescue trouble="denied" onRetry={() => undefined} />
          </div>
        </Part>
      </main>
    </MantineProvider>
  );
}
