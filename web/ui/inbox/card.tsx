/** What has just come, as a card on whatever page one is, with what can be done with it. It stays until it is dealt with. */
import './inbox.css';
import { useTranslation } from 'react-i18next';
import { Button } from '../button.tsx';
import { Icon } from '../call/icons.tsx';
import { useStore } from '../use-store.ts';
import { Acts } from './acts.tsx';
import { iconOf } from './item.tsx';
import { useInbox } from './use-inbox.ts';
import { inboxWords } from './words.ts';

await inboxWords;

/** @param size of its buttons: a desk's are smaller */
export function ToldCard({ size = 'lg' }: { size?: 'md' | 'lg' }) {
  const { t } = useTranslation();
  const inbox = useInbox();
  const item = useStore(inbox.card);
  return (
    // Always on the page once something was told, so that what comes into it is read out.
    <div role="status" aria-live="polite" className="told-cards">
      {item && (
        <section className="note told-card" aria-label={item.words.title}>
          <span className="told-icon">
            <Icon name={iconOf(item)} />
          </span>
          <div className="note-text">
            <strong>{item.words.title}</strong>
            <p>{item.words.body}</p>
          </div>
          <Acts item={item} size={size} />
          <Button variant="subtle" size={size} onClick={() => inbox.closeCard()}>
            {t('inbox.later')}
          </Button>
        </section>
      )}
    </div>
  );
}
