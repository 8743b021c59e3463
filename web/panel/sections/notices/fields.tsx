/** The texts of a version while they are written: a field each, with what it may name and what is wrong with it. */
import { useId, useRef } from 'react';
import { type AppLanguage, appLanguage } from '../../../../worker/protocol/http/comfort.ts';
import type { TemplateLine } from '../../../../worker/protocol/http/templates.ts';
import { useWords, wordFor } from '../../words.ts';
import { type Draft, pathOf, type Text, textsToWrite, withForms } from './draft.ts';
import { fieldWords, formWords } from './said.ts';

interface FieldsProps {
  readonly line: TemplateLine;
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  /** What is wrong, by the path the server names it with. */
  readonly wrong: ReadonlyMap<string, string>;
}

type Writing = HTMLInputElement | HTMLTextAreaElement;

export function Fields({ line, draft, onChange, wrong }: FieldsProps) {
  const { t } = useWords();
  // Where a fact goes when its button is pressed: into the text that was written in last.
  const last = useRef<{ element: Writing; path: string } | null>(null);
  const put = (fact: string): void => {
    if (!last.current) return;
    const { element, path } = last.current;
    const [from, to] = [element.selectionStart ?? element.value.length, element.selectionEnd ?? element.value.length];
    const text = `{{${fact}}}`;
    onChange(new Map([...draft, [path, element.value.slice(0, from) + text + element.value.slice(to)]]));
    element.focus();
    // Behind it, once the field has the new text.
    setTimeout(() => element.setSelectionRange(from + text.length, from + text.length));
  };

  return (
    <>
      <section className="stack-tight" aria-labelledby="facts">
        <h2 id="facts" className="small-head">
          {t('notices.facts')}
        </h2>
        <p className="soft small">{t('notices.factsLead')}</p>
        <div className="row-tight">
          {line.facts.map(({ name, type, needed }) => (
            <button key={name} type="button" className="chip" onClick={() => put(name)}>
              <span className="mono">{`{{${name}}}`}</span> {wordFor(t, `notices.fact.${type}`, type)}
              {needed && <strong>{t('notices.needed')}</strong>}
            </button>
          ))}
        </div>
      </section>
      {appLanguage.options.map((language) => (
        <fieldset key={language}>
          <legend>{t(`notices.language.${language}`)}</legend>
          <div className="stack-tight">
            {line.fields.map(({ name }) => (
              <FieldOf
                key={name}
                line={line}
                name={name}
                language={language}
                draft={draft}
                wrong={wrong}
                onChange={onChange}
                onFocus={(element, path) => {
                  last.current = { element, path };
                }}
              />
            ))}
          </div>
        </fieldset>
      ))}
    </>
  );
}

interface FieldProps extends FieldsProps {
  readonly name: string;
  readonly language: AppLanguage;
  readonly onFocus: (element: Writing, path: string) => void;
}

/** One field: one text, or one for each form of a number where the kind counts. */
function FieldOf({ line, name, language, draft, wrong, onChange, onFocus }: FieldProps) {
  const { t } = useWords();
  const texts = textsToWrite({ fields: line.fields.filter((field) => field.name === name) }, draft, language);
  const split = texts[0]?.form !== null;
  const whole = wrong.get(pathOf(language, name, null));
  return (
    <>
      {texts.map((text) => (
        <Writable
          key={text.path}
          line={line}
          text={text}
          value={draft.get(text.path) ?? ''}
          wrong={wrong.get(text.path) ?? (split ? undefined : whole)}
          onChange={(value) => onChange(new Map([...draft, [text.path, value]]))}
          onFocus={(element) => onFocus(element, text.path)}
        />
      ))}
      {split && whole !== undefined && <p className="wrong">{whole}</p>}
      {line.counts !== null && (
        <label className="tick">
          <input
            type="checkbox"
            checked={split}
            onChange={(event) => onChange(withForms(draft, language, name, event.currentTarget.checked))}
          />{' '}
          {t('notices.forms', { field: fieldWords(t, name) })}
        </label>
      )}
    </>
  );
}

interface WritableProps {
  readonly line: TemplateLine;
  readonly text: Text;
  readonly value: string;
  readonly wrong: string | undefined;
  readonly onChange: (value: string) => void;
  readonly onFocus: (element: Writing) => void;
}

function Writable({ line, text, value, wrong, onChange, onFocus }: WritableProps) {
  const { t } = useWords();
  const note = useId();
  const field = line.fields.find(({ name }) => name === text.field);
  const props = {
    className: 'field',
    lang: text.language,
    value,
    'aria-invalid': wrong === undefined ? undefined : (true as const),
    'aria-describedby': note,
    onChange: (event: { currentTarget: Writing }) => onChange(event.currentTarget.value),
    onFocus: (event: { currentTarget: Writing }) => onFocus(event.currentTarget),
  };
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control stands inside, one of two
    <label className="entry">
      <span>
        {fieldWords(t, text.field)}
        {text.form !== null && `, ${formWords(t, text.form)}`}
        {field?.optional && <span className="soft"> ({t('notices.optional')})</span>}
      </span>
      {field?.lines ? <textarea {...props} /> : <input {...props} />}
      <span id={note} className={wrong === undefined ? 'soft small' : 'wrong'}>
        {wrong ?? t('notices.most', { count: field?.most ?? 0 })}
      </span>
    </label>
  );
}
