/** All calls, by how they came about. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/frame.tsx';
import { type CallFilter, CallList, callFilters } from './call-list.tsx';

export function Calls() {
  const { t } = useTranslation();
  const { only: filter = 'all' } = useSearch({ strict: false }) as { only?: CallFilter };
  const go = useNavigate();
  return (
    <Page>
      <div className="stack">
        <h1>{t('calls.title')}</h1>
        <fieldset className="flags">
          <legend className="unseen">{t('desk.calls.which')}</legend>
          {callFilters.map((each) => (
            <button
              key={each}
              type="button"
              className="chip"
              aria-pressed={filter === each}
              onClick={() => void go({ to: '/calls', search: each === 'all' ? {} : { only: each }, replace: true })}
            >
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
