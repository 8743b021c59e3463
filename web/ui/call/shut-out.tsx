/** The call goes on without this device: another took over, or the sign-in ended. */
import { useTranslation } from 'react-i18next';
import type { TalkView } from '../../client/call/talk.ts';
import { Button, type ButtonLooks } from '../button.tsx';
import { Page } from '../frame.tsx';
import { useSession } from '../session.tsx';

/** Whether that is so: its socket was closed, and not because somebody left. */
export const isShutOut = ({ link, closed }: TalkView): boolean => link === 'closed' && closed !== 'left';

/** @param props.size of the button, in the steps of the app */
export function ShutOut({ view, size }: { view: TalkView; size?: ButtonLooks['size'] }) {
  const { live } = useSession();
  const { t } = useTranslation();
  const replaced = view.closed === 'replaced';
  return (
    <Page>
      <div className="narrow sheet stack" role="alert">
        <p>{t(replaced ? 'call.replaced' : 'call.revoked')}</p>
        {replaced && (
          <Button
            {...(size ? { size } : {})}
            onClick={() => {
              live.done();
              void live.rejoin(view.callId);
            }}
          >
            {t('call.takeBack')}
          </Button>
        )}
      </div>
    </Page>
  );
}
