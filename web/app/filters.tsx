/** Finding somebody by what to talk about and in which language; only in the full view. */
import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { GalleryItem } from '../../worker/protocol/http/gallery.ts';
import { languageWords } from '../ui/format.ts';
import { topicWords } from '../ui/topics.ts';

interface FiltersProps {
  readonly items: readonly GalleryItem[];
  readonly topic: string;
  readonly language: string;
  readonly onTopic: (topic: string) => void;
  readonly onLanguage: (language: string) => void;
}

export function Filters({ items, topic, language, onTopic, onLanguage }: FiltersProps) {
  const { t } = useTranslation();
  const skills = [...new Set(items.flatMap(({ person }) => person.skills))].sort();
  const languages = [...new Set(items.flatMap(({ person }) => person.languages))].sort();
  return (
    <fieldset className="filters" aria-label={t('home.filters')}>
      <NativeSelect label={t('home.topic')} value={topic} onChange={(event) => onTopic(event.currentTarget.value)}>
        <option value="">{t('home.anyTopic')}</option>
        {skills.map((skill) => (
          <option key={skill} value={skill}>
            {topicWords(t, skill)}
          </option>
        ))}
      </NativeSelect>
      <NativeSelect label={t('home.language')} value={language} onChange={(event) => onLanguage(event.currentTarget.value)}>
        <option value="">{t('home.anyLanguage')}</option>
        {languages.map((tag) => (
          <option key={tag} value={tag}>
            {languageWords([tag])}
          </option>
        ))}
      </NativeSelect>
    </fieldset>
  );
}
