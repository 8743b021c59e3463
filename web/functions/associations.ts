/**
 * Which apps may open this site's links instead of the browser: the two files that phones fetch, made of the settings of
 * the environment. Only `/go/` is theirs; every other page stays with the browser.
 *
 * Sources: Apple, “Supporting associated domains” (`applinks`, `details`, `appIDs`, `components`); Google, “Configure website
 * associations and dynamic rules” (Digital Asset Links, `dynamic_app_link_components`). Both must come as JSON from this very
 * address, without a redirect.
 */
export interface AppSettings {
  /** Apple's id of the team, ten characters; empty: no iOS app. */
  readonly APPLE_TEAM_ID?: string;
  readonly IOS_BUNDLE_ID?: string;
  /** Empty: no Android app. */
  readonly ANDROID_PACKAGE?: string;
  /** SHA-256 fingerprints of the certificates that sign the app, `AB:CD:…`, comma-separated: the store's, and one's own. */
  readonly ANDROID_FINGERPRINTS?: string;
}

const LINKS = '/go/*';

/** Apple's file; null where the settings name no app, or not as Apple writes it. */
export function appleAssociation({ APPLE_TEAM_ID: team = '', IOS_BUNDLE_ID: bundle = '' }: AppSettings): object | null {
  if (!/^[A-Z0-9]{10}$/.test(team) || !/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(bundle)) return null;
  return {
    applinks: {
      details: [{ appIDs: [`${team}.${bundle}`], components: [{ '/': LINKS, comment: 'Links of mails, messages and advertisements' }] }],
    },
  };
}

const RELATION = 'delegate_permission/common.handle_all_urls';

/** Google's file; null where the settings name no app, or not as Google writes it. */
export function androidAssociation(settings: AppSettings): readonly object[] | null {
  const { ANDROID_PACKAGE: name = '', ANDROID_FINGERPRINTS: listed = '' } = settings;
  const fingerprints = listed.split(',').map((each) => each.trim());
  if (!/^[A-Za-z]\w*(\.[A-Za-z]\w*)+$/.test(name) || !fingerprints.every((each) => /^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/.test(each)))
    return null;
  return [
    {
      relation: [RELATION],
      target: { namespace: 'android_app', package_name: name, sha256_cert_fingerprints: fingerprints },
      relation_extensions: { [RELATION]: { dynamic_app_link_components: [{ '/': LINKS }] } },
    },
  ];
}

/** The file as both ask for it. None: 404, so that a phone takes the site for one without an app. */
export function associationAnswer(file: object | null): Response {
  if (file === null) return new Response('no app is set up here', { status: 404, headers: { 'Content-Type': 'text/plain' } });
  return new Response(JSON.stringify(file), {
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'public, max-age=3600', 'X-Content-Type-Options': 'nosniff' },
  });
}
