/** The fields of a tariff. */
import type { ReactNode } from 'react';
import { Across } from '../../desk/across.tsx';
import { useWords, wordFor } from '../../words.ts';
import { type MatchField, matchFields, type PartyForm, stepOf, type TermsForm } from './terms.ts';

interface Part {
  readonly form: TermsForm;
  readonly onChange: (form: TermsForm) => void;
  /** What is wrong, by the path the server names it with. */
  readonly wrong: ReadonlyMap<string, string>;
}

const choices: Partial<Record<MatchField, readonly string[]>> = {
  kind: ['direct', 'roulette'],
  media: ['audio', 'video', 'text'],
  payerRole: ['member', 'companion'],
  payeeRole: ['member', 'companion'],
  direction: ['member_to_companion', 'companion_to_member'],
};

export function Form({ form, onChange, wrong }: Part) {
  const { t } = useWords();
  return (
    <>
      <Entry label={t('tariffs.name')} wrong={wrong.get('name')}>
        {(props) => (
          <input
            {...props}
            className="field wide"
            maxLength={80}
            value={form.name}
            onChange={(event) => onChange({ ...form, name: event.currentTarget.value })}
          />
        )}
      </Entry>
      <fieldset>
        <legend>{t('tariffs.match')}</legend>
        <p className="soft small">{t('editor.matchLead')}</p>
        <div className="entries-row">
          {matchFields.map((field) => (
            <Entry key={field} label={t(`match.${field}`)} wrong={wrong.get(`match.${field}`)}>
              {(props) => {
                const set = (value: string): void => onChange({ ...form, match: { ...form.match, [field]: value } });
                const options = choices[field];
                return options ? (
                  <select {...props} className="field" value={form.match[field]} onChange={(event) => set(event.currentTarget.value)}>
                    <option value="">{t('match.anyOf')}</option>
                    {options.map((value) => (
                      <option key={value} value={value}>
                        {wordFor(t, `matchValue.${value}`, value)}
                      </option>
                    ))}
                  </select>
                ) : (
                  <input
                    {...props}
                    className="field"
                    placeholder={t('match.anyOf')}
                    value={form.match[field]}
                    onChange={(event) => set(event.currentTarget.value)}
                  />
                );
              }}
            </Entry>
          ))}
        </div>
      </fieldset>
      {(['payer', 'payee'] as const).map((party) => (
        <Side key={party} party={party} form={form} onChange={onChange} wrong={wrong} />
      ))}
      <fieldset>
        <legend>{t('editor.limits')}</legend>
        <div className="entries-row">
          <NumberEntry
            label={t('editor.graceSeconds')}
            wrong={wrong.get('grace.seconds')}
            value={form.graceSeconds}
            onChange={(graceSeconds) => onChange({ ...form, graceSeconds })}
          />
          <NumberEntry
            label={t('editor.gracePerDay')}
            wrong={wrong.get('grace.perDay')}
            value={form.gracePerDay}
            onChange={(gracePerDay) => onChange({ ...form, gracePerDay })}
          />
          <NumberEntry
            label={t('editor.maxSeconds')}
            wrong={wrong.get('maxSeconds')}
            value={form.maxSeconds}
            onChange={(maxSeconds) => onChange({ ...form, maxSeconds })}
          />
        </div>
        <p className="soft small">{t('editor.limitsLead')}</p>
      </fieldset>
    </>
  );
}

/** One party's checkpoints, repeat and cap. The payee may have none: then nobody earns. */
function Side({ party, form, onChange, wrong }: Part & { party: 'payer' | 'payee' }) {
  const { t } = useWords();
  const side = form[party];
  const set = (change: Partial<PartyForm>): void => onChange({ ...form, [party]: { ...side, ...change } });
  const path = `parties.${party === 'payee' && form.payer.on ? 1 : 0}`;
  return (
    <fieldset>
      <legend>{t(`editor.${party}`)}</legend>
      {party === 'payee' && (
        <label className="tick">
          <input type="checkbox" checked={side.on} onChange={(event) => set({ on: event.currentTarget.checked })} /> {t('editor.earns')}
        </label>
      )}
      {side.on && (
        <>
          <Across label={t(`editor.${party}`)}>
            <table className="checkpoints">
              <thead>
                <tr>
                  <th scope="col">{t('editor.checkpoint')}</th>
                  <th scope="col">{t('editor.atSeconds')}</th>
                  <th scope="col">{t(party === 'payer' ? 'editor.coins' : 'editor.earning')}</th>
                  <th scope="col">
                    <span className="unseen">{t('actions')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {side.steps.map((step, n) => {
                  const change = (value: Partial<typeof step>): void =>
                    set({ steps: side.steps.map((one) => (one === step ? { ...one, ...value } : one)) });
                  return (
                    <tr key={step.id}>
                      <th scope="row">{n + 1}</th>
                      {(['atSeconds', 'amount'] as const).map((field) => (
                        <td key={field}>
                          <input
                            className="field figures"
                            inputMode="numeric"
                            aria-label={t(`editor.${field}Of`, { n: n + 1, who: t(`party.${party}`) })}
                            aria-invalid={wrong.has(`${path}.checkpoints.${n}.${field}`) || undefined}
                            value={step[field]}
                            onChange={(event) => change({ [field]: event.currentTarget.value })}
                          />
                          {wrong.has(`${path}.checkpoints.${n}.${field}`) && (
                            <span className="wrong">{wrong.get(`${path}.checkpoints.${n}.${field}`)}</span>
                          )}
                        </td>
                      ))}
                      <td>
                        <button type="button" className="act" onClick={() => set({ steps: side.steps.filter((one) => one !== step) })}>
                          {t('editor.remove')}{' '}
                          <span className="unseen">{t('editor.removeOf', { n: n + 1, who: t(`party.${party}`) })}</span>
                        </button>
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </Across>
          <p className="add">
            <button
              type="button"
              className="act"
              onClick={() => {
                const last = side.steps.at(-1);
                set({ steps: [...side.steps, stepOf(last ? String(Number(last.atSeconds) + 60) : '0', last?.amount ?? '')] });
              }}
            >
              {t('editor.add')} <span className="unseen">{t(`party.${party}`)}</span>
            </button>
          </p>
          <div className="entries-row">
            <NumberEntry
              label={t('editor.every')}
              wrong={wrong.get(`${path}.then.everySeconds`)}
              value={side.every}
              onChange={(every) => set({ every })}
            />
            <NumberEntry
              label={t(party === 'payer' ? 'editor.thenCoins' : 'editor.thenEarning')}
              wrong={wrong.get(`${path}.then.amount`)}
              value={side.then}
              onChange={(then) => set({ then })}
            />
            <NumberEntry label={t('editor.cap')} wrong={wrong.get(`${path}.cap`)} value={side.cap} onChange={(cap) => set({ cap })} />
          </div>
        </>
      )}
    </fieldset>
  );
}

interface FieldProps {
  readonly 'aria-invalid': true | undefined;
}

function Entry({ label, wrong, children }: { label: string; wrong: string | undefined; children: (props: FieldProps) => ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is drawn by the caller, inside
    <label className="entry">
      <span>{label}</span>
      {children({ 'aria-invalid': wrong === undefined ? undefined : true })}
      {wrong !== undefined && <span className="wrong">{wrong}</span>}
    </label>
  );
}

function NumberEntry(props: { label: string; wrong: string | undefined; value: string; onChange: (value: string) => void }) {
  return (
    <Entry label={props.label} wrong={props.wrong}>
      {(aria) => (
        <input
          {...aria}
          className="field figures"
          inputMode="numeric"
          value={props.value}
          onChange={(event) => props.onChange(event.currentTarget.value)}
        />
      )}
    </Entry>
  );
}
