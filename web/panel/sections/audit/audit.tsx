import type { UserId } from '../../../../worker/protocol/ids.ts';
import { useSession } from '../../../ui/session.tsx';
import { useQueryText } from '../../address.ts';
import { AuditList } from '../../desk/audit-list.tsx';
import { useNames } from '../../desk/words.tsx';
import { useWords } from '../../words.ts';

/** Everything staff changed; filters live in the address. */
export default function Audit() {
  const { me } = useSession();
  const { t } = useWords();
  const [query, setQuery] = useQueryText();
  const actor = /^usr_[0-9a-z]{26}$/.test(query.actor ?? '') ? (query.actor as UserId) : undefined;
  const nameOf = useNames(actor ? [actor] : []);
  return (
    <div className="stack-tight">
      <div className="head">
        <h1>{t('sections.audit')}</h1>
        <search className="filters">
          <label>
            {t('audit.subject')}{' '}
            <input
              className="field wide mono"
              type="search"
              maxLength={120}
              placeholder={t('audit.subjectHint')}
              value={query.subject ?? ''}
              onChange={(event) => setQuery({ subject: event.currentTarget.value })}
            />
          </label>
          {actor ? (
            <button type="button" className="chip" onClick={() => setQuery({ actor: undefined })}>
              {t('audit.by', { name: nameOf(actor) })} <span aria-hidden="true">×</span>
              <span className="unseen">{t('calls.everybody')}</span>
            </button>
          ) : (
            <button type="button" className="act" onClick={() => setQuery({ actor: me.id })}>
              {t('audit.mine')}
            </button>
          )}
        </search>
      </div>
      <AuditList subject={query.subject?.trim() || undefined} actor={actor} />
    </div>
  );
}
