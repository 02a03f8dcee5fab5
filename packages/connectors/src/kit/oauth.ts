/** How people give Sluice access by signing in at the vendor: authorization code with PKCE, as data. */
export interface OAuthDefinition {
  /** Whose account it is: the operator's client in `OAUTH_CLIENTS` has this name. Several connectors may share one. */
  readonly provider: string;
  /** For the button: `Connect with HubSpot`. */
  readonly name: string;
  /**
   * Where each account of the vendor has addresses of its own: how theirs look. The operator's client then has to name
   * the origin, and the addresses here give the paths only.
   */
  readonly perAccount?: string;
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly scopes: readonly string[];
  /** Between scopes; a space unless said. */
  readonly scopeSeparator?: string;
  /** What else the vendor wants in the address: `access_type=offline`. */
  readonly authorizeQuery?: Readonly<Record<string, string>>;
  /** How the client says who it is when it asks for tokens. */
  readonly clientAuthentication: 'body' | 'basic';
}
