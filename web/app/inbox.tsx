/** What is new, as members have it. */
import { Page } from '../ui/frame.tsx';
import { InboxList } from '../ui/inbox/inbox-list.tsx';
import { ButtonLink } from '../ui/links.tsx';

export function InboxPage() {
  return (
    <Page>
      <div className="narrow">
        <InboxList
          settings={(words) => (
            <ButtonLink to="/you/notifications" quiet>
              {words}
            </ButtonLink>
          )}
        />
      </div>
    </Page>
  );
}
