/** Parts that come later, with form controls in them. A page that has none yet does without what they are made of. */
import type { ComponentProps, ComponentType, JSX } from 'react';

type PropsOf<Part> = Part extends ComponentType<infer Props> ? Props : never;

/** The component of that name, to be loaded: `lazy(controlled(() => import('./filters.tsx'), 'Filters'))`. */
export const controlled =
  <Module, Name extends keyof Module>(load: () => Promise<Module>, name: Name) =>
  async (): Promise<{ default: (props: PropsOf<Module[Name]>) => JSX.Element }> => {
    const [{ Controls }, { [name]: part }] = await Promise.all([import('./controls.tsx'), load()]);
    const Part = part as ComponentType<ComponentProps<ComponentType>>;
    return {
      default: (props) => (
        <Controls>
          <Part {...(props as object)} />
        </Controls>
      ),
    };
  };
