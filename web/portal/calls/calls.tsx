/** All calls, by how they came about. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/frame.tsx';
import { type CallFilter, CallList } from './call-list.tsx';

const filters: readonly CallFilter[] = ['all', 'missed', 'incoming', 'outgoing'];

export function Calls() {
  const { t } = useTranslation();
  const [filter, setFilter] = useState<CallFilter>('all');
  return (
    <Page>
      <div className="stack">
        <h1>{t('calls.title')}</h1>
        <fieldset className="flags">
          <legend className="unseen">{t('desk.calls.which')}</legend>
          {filters.map((each) => (
            <button key={each} type="button" className="chip" aria-pressed={filter === each} onClick={() => setFilter(each)}>
              {t(`desk.calls.filter.${each}`)}
            </button>
          ))}
        </fieldset>
        <div className="sheet">
          <CallList key={filter} filter={filter} />
        </div>
      </div>
    </Page>
  );
}
