/** What a stranger sees first, beside the door: what this is, who is behind it, what it costs. */
import { useTranslation } from 'react-i18next';
import { Icon } from '../ui/call/icons.tsx';
import { Lamp } from '../ui/lamp.tsx';
import { Portrait } from '../ui/portrait.tsx';

/** Drawn faces of nobody in particular. */
const faces = ['Grace', 'Hugo', 'Iris'] as const;

export function Welcome() {
  const { t } = useTranslation();
  return (
    <section className="welcome stack" aria-label={t('welcome.title')}>
      <p className="brand">
        <Lamp />
        {t('brand')}
      </p>
      <div className="welcome-faces" aria-hidden="true">
        {faces.map((seed) => (
          <Portrait key={seed} name="" seed={seed} size={140} />
        ))}
      </div>
      <h1>{t('welcome.title')}</h1>
      <p className="lead-line">{t('welcome.lead')}</p>
      <ul className="welcome-points">
        <li>
          <Icon name="face" size={30} /> {t('welcome.people')}
        </li>
        <li>
          <Icon name="phone" size={30} /> {t('welcome.simple')}
        </li>
        <li>
          <Icon name="coins" size={30} /> {t('welcome.price')}
        </li>
      </ul>
    </section>
  );
}
